/** The file is not a Declarative Pipeline. Jenkins would refuse it before anything runs. */
class InvalidPipeline extends RuntimeException {
  InvalidPipeline(String message) { super(message) }
}

/** Reads a block that holds each of its sections once, such as `pipeline` or `stage`. */
class Sections {
  static final PIPELINE = ['agent', 'environment', 'options', 'parameters', 'triggers', 'tools', 'stages', 'post']
  static final STAGE = ['agent', 'environment', 'options', 'tools', 'when', 'steps', 'post']

  private final String block
  private final List<String> known
  private final Map<String, Object> found = [:]

  private Sections(String block, List<String> known) {
    this.block = block
    this.known = known
  }

  static Map<String, Object> read(String block, List<String> known, Closure body) {
    def sections = new Sections(block, known)
    Reading.with(sections, body)
    return sections.found
  }

  def methodMissing(String name, arguments) {
    if (!(name in known)) throw new InvalidPipeline("$block has no section $name")
    if (found.containsKey(name)) throw new InvalidPipeline("$block has $name twice")
    if (arguments.size() != 1) throw new InvalidPipeline("$name of $block is not a block")
    found[name] = arguments[0]
  }

  /** `agent none`, `agent any`. */
  def propertyMissing(String name) {
    if (name in ['none', 'any']) return name
    throw new InvalidPipeline("$block knows no $name")
  }
}

/** Reads a block of calls, such as `options`, into the arguments by name. */
class Listing {
  private final String block
  private final Map<String, List<String>> symbols
  private final Map<String, Object> found = [:]

  private Listing(String block, Map<String, List<String>> symbols) {
    this.block = block
    this.symbols = symbols
  }

  /** `symbols`: what may be called, with what may be called in its arguments. */
  static Map<String, Object> read(String block, Map<String, List<String>> symbols, Closure body) {
    def listing = new Listing(block, symbols)
    Reading.with(listing, body)
    return listing.found
  }

  def methodMissing(String name, arguments) {
    def values = arguments as List
    if (symbols.values().any { name in it }) return [(name): values]
    if (!symbols.containsKey(name)) throw new InvalidPipeline("$block knows no $name")
    if (found.containsKey(name)) throw new InvalidPipeline("$block has $name twice")
    found[name] = values.size() == 1 ? values[0] : values
  }
}

/** Reads `stages`. */
class Stages {
  private final LinkedHashMap<String, Map<String, Object>> found = [:]

  static LinkedHashMap<String, Map<String, Object>> read(Closure body) {
    def stages = new Stages()
    Reading.with(stages, body)
    if (stages.found.isEmpty()) throw new InvalidPipeline('There is no stage')
    return stages.found
  }

  void stage(String name, Closure body) {
    if (found.containsKey(name)) throw new InvalidPipeline("There are two stages $name")
    def sections = Sections.read("stage $name", Sections.STAGE, body)
    if (!sections.steps) throw new InvalidPipeline("Stage $name has no steps")
    found[name] = sections
  }

  def methodMissing(String name, arguments) { throw new InvalidPipeline("stages has no section $name") }
}

/** Reads an `environment` block; what is assigned may use what is known already. */
class Assignments {
  private final Map<String, String> known
  private final Map<String, String> found = [:]

  private Assignments(Map<String, String> known) { this.known = known }

  static Map<String, String> read(Map<String, String> known, Closure body) {
    def assignments = new Assignments(known)
    Reading.with(assignments, body)
    return assignments.found
  }

  def propertyMissing(String name, value) { found[name] = value as String }

  def propertyMissing(String name) {
    if (name == 'env') return known + found
    if (found.containsKey(name)) return found[name]
    if (known.containsKey(name)) return known[name]
    throw new InvalidPipeline("environment knows no $name")
  }
}

class Reading {
  /** Only `reader` answers: what Jenkins does not know here must not be found anywhere else. */
  static Object with(Object reader, Closure body) {
    def closure = body.clone() as Closure
    closure.delegate = reader
    closure.resolveStrategy = Closure.DELEGATE_ONLY
    return closure.call()
  }
}
