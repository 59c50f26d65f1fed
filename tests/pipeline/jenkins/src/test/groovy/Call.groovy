/** One step that was called. */
class Call {
  String step
  /** Its arguments by name; one without a name is `value`. */
  Map<String, Object> arguments
  /** Null in the post section of the whole build. */
  String stage
  boolean isPost
  /** Label of the agent; null where there is none. */
  String agent
  /** The steps around it with their arguments, outermost first. */
  List<Call> within
  /** The variables that a command would see. */
  Map<String, String> env

  /** The command of a `sh`. */
  String getCommand() { (arguments.script ?: arguments.value) as String }

  boolean isWithin(String step) { within.any { it.step == step } }

  String toString() { "${stage ?: 'post'}: $step $arguments" }
}
