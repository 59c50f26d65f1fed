/** A step failed: the stage ends, and the build with it. */
class StepFailed extends Exception {
  StepFailed(String message) { super(message) }
}

/** Somebody or a time-out ended the build. */
class Interrupted extends Exception {
  Interrupted(String message) { super(message) }
}

/**
 * The steps that the agents of this project have, recorded. A step that is not here does not exist; one that works on
 * files fails where there is no agent, as in Jenkins.
 */
class Steps {
  private final Build build

  Steps(Build build) { this.build = build }

  // What a step is told, is told by its name; `sh 'x'` is `sh script: 'x'`.

  def sh(argument) {
    def call = onAgent('sh', argument)
    if (build.scenario.fails(call.command)) throw new StepFailed("script returned exit code 1: ${call.command}")
    return call.arguments.returnStdout ? build.scenario.prints(call.command) : null
  }

  Map checkout(scm) {
    onAgent('checkout', scm)
    return [GIT_COMMIT: build.scenario.commit, GIT_PREVIOUS_SUCCESSFUL_COMMIT: build.scenario.releasedCommit]
  }

  void junit(argument) {
    def call = onAgent('junit', argument)
    if (call.stage in build.scenario.redReports) build.worsen('UNSTABLE')
  }

  void archiveArtifacts(argument) { onAgent('archiveArtifacts', argument) }

  void recordCoverage(Map argument) { onAgent('recordCoverage', argument) }

  void deleteDir() { onAgent('deleteDir', [:]) }

  void echo(String message) { anywhere('echo', message) }

  void emailext(Map argument) { anywhere('emailext', argument) }

  void error(String message) {
    anywhere('error', message)
    throw new StepFailed(message)
  }

  void input(Map argument) {
    anywhere('input', argument)
    if (build.scenario.approver == 'abort') throw new Interrupted('Rejected')
    if (build.scenario.approver == 'wait') expire()
  }

  // Around other steps

  void script(Closure body) { around('script', [:], body) }

  void timeout(Map limit, Closure body) { around('timeout', limit, body) }

  void withCredentials(List<Map> bindings, Closure body) {
    def variables = bindings.collectEntries { [(it.variable): build.scenario.secrets[it.credentialsId as String]] }
    around('withCredentials', [bindings: bindings], body, variables)
  }

  void withEnv(List<?> assignments, Closure body) {
    def variables = assignments.collectEntries { it.toString().split('=', 2) as List }
    around('withEnv', variables, body, variables)
  }

  // What stands in arguments

  Map string(Map binding) { [kind: 'string'] + binding }

  Map file(Map binding) { [kind: 'file'] + binding }

  Map culprits() { [recipients: 'culprits'] }

  Map requestor() { [recipients: 'requestor'] }

  def propertyMissing(String name) {
    switch (name) {
      case 'env': return new Env(build)
      case 'currentBuild': return [currentResult: build.result, result: build.result, number: 7, displayName: '#7']
      case 'scm': return 'scm'
    }
    if (build.environment.containsKey(name)) return build.environment[name]
    throw new InvalidPipeline("There is no property $name")
  }

  def methodMissing(String name, arguments) { throw new InvalidPipeline("There is no step $name") }

  private Call onAgent(String step, argument) {
    if (build.agent == null) throw new StepFailed("$step needs an agent")
    return anywhere(step, argument)
  }

  private Call anywhere(String step, argument) {
    if (build.stage in build.scenario.hangs && !build.isPost) expire()
    def call = build.record(step, argument)
    if (step in build.scenario.brokenSteps) throw new StepFailed("$step does not work")
    return call
  }

  /** Without a time-out it would wait for ever, which no test does. */
  private void expire() {
    if (!build.within.any { it.step == 'timeout' }) throw new IllegalStateException("Stage ${build.stage} hangs for ever")
    throw new Interrupted('Timeout has been exceeded')
  }

  private void around(String step, Map argument, Closure body, Map<String, String> variables = [:]) {
    build.inside(build.record(step, argument), variables) { Reading.with(this, body) }
  }
}

/** `env`: read and written by name. */
class Env {
  private final Build build

  Env(Build build) { this.build = build }

  def propertyMissing(String name) { build.environment[name] }

  def propertyMissing(String name, value) { build.globals[name] = value as String }
}
