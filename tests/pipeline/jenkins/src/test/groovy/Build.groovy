import org.codehaus.groovy.control.CompilerConfiguration

/**
 * One build of a Declarative Jenkinsfile, in the order in which Jenkins runs it. The Groovy is Jenkins' own; the steps are
 * recorded. Declarative's engine is on no public Maven repository, so its rules are written down here: sections that it
 * does not know are refused, stages after a failure are skipped, and post runs whatever happened.
 */
class Build {
  /** In the order in which Jenkins runs them. */
  static final CONDITIONS = ['always', 'changed', 'fixed', 'regression', 'aborted', 'failure', 'success', 'unstable', 'unsuccessful', 'cleanup']
  static final RESULTS = ['SUCCESS', 'UNSTABLE', 'FAILURE', 'ABORTED']
  static final OPTIONS = [
    buildDiscarder: ['logRotator'], disableConcurrentBuilds: [], disableRestartFromStage: [], skipDefaultCheckout: [],
    skipStagesAfterUnstable: [], timeout: [], timestamps: [], parallelsAlwaysFailFast: [],
  ]

  final Scenario scenario
  final List<Call> calls = []
  final List<String> stages = []
  final List<String> skipped = []
  String result = 'SUCCESS'
  Map<String, Object> pipeline
  Map<String, Object> options = [:]
  Map<String, Object> triggers = [:]

  String stage
  boolean isPost
  String agent
  List<Call> within = []
  Map<String, String> globals = [:]
  private List<Map<String, String>> scopes = []

  private Build(Scenario scenario) {
    this.scenario = scenario
    globals.putAll(scenario.env)
  }

  static Build run(String jenkinsfile, Scenario scenario = new Scenario()) {
    def build = new Build(scenario)
    build.read(jenkinsfile)
    build.execute()
    return build
  }

  List<Call> steps(String step) { calls.findAll { it.step == step } }

  List<String> commands(String stage = null) {
    steps('sh').findAll { stage == null || it.stage == stage }*.command
  }

  Map<String, String> getEnvironment() { ([globals] + scopes).inject([:]) { all, scope -> all + scope } as Map<String, String> }

  void worsen(String other) { if (RESULTS.indexOf(other) > RESULTS.indexOf(result)) result = other }

  Call record(String step, argument) {
    def arguments = argument instanceof Map ? argument : [value: argument]
    def plain = arguments.collectEntries { name, value -> [(name): value instanceof GString ? value.toString() : value] }
    def call = new Call(step: step, arguments: plain, stage: stage, isPost: isPost, agent: agent, within: within, env: environment)
    calls << call
    return call
  }

  void inside(Call call, Map<String, String> variables, Closure body) {
    def before = within
    within = within + call
    scopes << variables
    try {
      body()
    } finally {
      within = before
      scopes.remove(scopes.size() - 1)
    }
  }

  private void read(String jenkinsfile) {
    def configuration = new CompilerConfiguration(scriptBaseClass: Jenkinsfile.name)
    def script = new GroovyShell(Build.classLoader, new Binding(), configuration).parse(jenkinsfile, 'Build_of_Jenkinsfile.groovy') as Jenkinsfile
    script.run()
    pipeline = Sections.read('pipeline', Sections.PIPELINE, script.body)
    if (!pipeline.agent) throw new InvalidPipeline('pipeline has no agent')
    pipeline.stages = Stages.read(pipeline.stages as Closure)
    pipeline.agent = labelOf(pipeline.agent)
    if (pipeline.options) options = Listing.read('options', OPTIONS, pipeline.options as Closure)
    if (pipeline.triggers) triggers = Listing.read('triggers', [githubPush: [], pollSCM: [], cron: []], pipeline.triggers as Closure)
    (pipeline.stages as Map).values()*.post.each { checkPost(it as Closure) }
    checkPost(pipeline.post as Closure)
  }

  private void execute() {
    if (pipeline.environment) globals.putAll(Assignments.read(globals, pipeline.environment as Closure))
    (pipeline.stages as Map).each { name, sections -> executeStage(name as String, sections as Map) }
    stage = null
    agent = pipeline.agent
    runPost(pipeline.post as Closure)
  }

  private void executeStage(String name, Map sections) {
    if (isStopped() || !applies(sections.when as Closure)) {
      skipped << name
      return
    }
    stages << name
    stage = name
    agent = sections.agent ? labelOf(sections.agent) : pipeline.agent
    def variables = sections.environment ? Assignments.read(environment, sections.environment as Closure) : [:]
    def limits = sections.options ? Listing.read('options', [timeout: [], timestamps: []], sections.options as Closure) : [:]
    def limit = new Call(step: limits.timeout ? 'timeout' : 'no time-out', arguments: limits.timeout as Map ?: [:])
    inside(limit, variables) {
      attempt {
        if (agent && !options.containsKey('skipDefaultCheckout')) record('checkout', 'scm')
        Reading.with(new Steps(this), sections.steps as Closure)
      }
      runPost(sections.post as Closure)
    }
  }

  private boolean isStopped() {
    result in ['FAILURE', 'ABORTED'] || result == 'UNSTABLE' && options.containsKey('skipStagesAfterUnstable')
  }

  private void attempt(Closure body) {
    try {
      body()
    } catch (StepFailed failure) {
      worsen('FAILURE')
    } catch (Interrupted interruption) {
      worsen('ABORTED')
    }
  }

  private boolean applies(Closure when) {
    if (when == null) return true
    def conditions = Listing.read('when', [branch: [], beforeAgent: [], not: [], changeRequest: []], when)
    conditions.every { name, value ->
      switch (name) {
        case 'branch': return scenario.env.BRANCH_NAME == value
        case 'changeRequest': return scenario.isPullRequest
        case 'beforeAgent': return true
        default: throw new InvalidPipeline("when with $name is not known here")
      }
    }
  }

  private void checkPost(Closure post) {
    if (post) Sections.read('post', CONDITIONS, post)
  }

  /** A condition that fails does not keep the next one from running. */
  private void runPost(Closure post) {
    if (post == null) return
    isPost = true
    def conditions = Sections.read('post', CONDITIONS, post)
    CONDITIONS.findAll { conditions.containsKey(it) && holds(it) }.each { condition ->
      attempt { Reading.with(new Steps(this), conditions[condition] as Closure) }
    }
    isPost = false
  }

  private boolean holds(String condition) {
    switch (condition) {
      case ['always', 'cleanup', 'changed']: return true
      case 'unsuccessful': return result != 'SUCCESS'
      case ['fixed', 'regression']: return false
      default: return result == condition.toUpperCase()
    }
  }

  private static String labelOf(agent) {
    if (agent == 'none') return null
    if (agent == 'any') return 'any'
    def found = Listing.read('agent', [label: []], agent as Closure)
    if (!found.label) throw new InvalidPipeline('agent has no label')
    return found.label
  }
}

/** What a Jenkinsfile is to Groovy: a script that may call `pipeline`, once. */
abstract class Jenkinsfile extends Script {
  Closure body

  void pipeline(Closure body) {
    if (this.body) throw new InvalidPipeline('There are two pipelines')
    this.body = body
  }

  def methodMissing(String name, arguments) { throw new InvalidPipeline("There is no step $name outside of pipeline") }
}
