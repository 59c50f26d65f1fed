import pg from 'pg';

/** An answer of the service other than success: the exception's name, the HTTP status, the message. */
export class ServiceException extends Error {
  readonly status: number;

  constructor(name: string, status: number, message: string) {
    super(message);
    this.name = name;
    this.status = status;
  }
}

export const badRequest = (message: string) => new ServiceException('BadRequestException', 400, message);
export const invalid = (message: string) => new ServiceException('ValidationException', 400, message);
export const databaseError = (message: string) => new ServiceException('DatabaseErrorException', 400, message);
export const unsupportedResult = (type: string) =>
  new ServiceException(
    'UnsupportedResultException',
    400,
    `The result contains the unsupported data type ${type.toUpperCase()}.`,
  );
export const transactionNotFound = (id: string) =>
  new ServiceException('TransactionNotFoundException', 404, `Transaction ${id} is not found`);

/** What the service answers to what PostgreSQL, or the way to it, reported. */
export function toServiceException(error: unknown): ServiceException {
  if (error instanceof ServiceException) return error;
  if (error instanceof pg.DatabaseError) {
    if (error.code === '42601' && /multiple commands/.test(error.message)) {
      return invalid("Multistatements aren't supported.");
    }
    return databaseError(`ERROR: ${error.message}${notes(error)}; SQLState: ${error.code}`);
  }
  const message = error instanceof Error ? error.message : String(error);
  return new ServiceException('DatabaseUnavailableException', 504, message);
}

const notes = ({ detail, hint, position }: pg.DatabaseError): string =>
  [
    ['Detail', detail],
    ['Hint', hint],
    ['Position', position],
  ]
    .map(([label, text]) => (text ? `\n  ${label}: ${text}` : ''))
    .join('');
