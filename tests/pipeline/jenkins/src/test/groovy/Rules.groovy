/** What must hold for any Jenkinsfile of this project: each rule answers what breaks it. */
class Rules {
  static final File JENKINSFILE = new File(System.getProperty('jenkinsfile'))
  static final CHECKSUM = 'c' * 64
  static final RELEASE = 'd' * 40
  static final COMMIT = 'e' * 40

  private final String jenkinsfile

  Rules(String jenkinsfile) { this.jenkinsfile = jenkinsfile }

  Build build(Closure change = {}) {
    def scenario = new Scenario(prints: { String command -> answers.find { command.contains(it.key) }?.value ?: '' })
    scenario.env += [
      INVENTORY_PIPELINE_ACCOUNT: '111111111111', INVENTORY_STAGE_ACCOUNT: '222222222222', INVENTORY_PROD_ACCOUNT: '333333333333',
      INVENTORY_STAGE_BUCKET: 'stage-bucket', INVENTORY_PROD_BUCKET: 'prod-bucket', INVENTORY_MAIL: 'team@example.com',
    ]
    change(scenario)
    return Build.run(jenkinsfile, scenario)
  }

  private static final answers = [
    'bundle.sh pack': "$CHECKSUM\n", 'release-id.sh': "$RELEASE\n", 
    'changes.sh commits': "1 commits: Let it be;\n", 'changes.sh migrations': '29990101000000_expand\n',
  ]

  List<String> concurrency() { missingOption('disableConcurrentBuilds') + missingOption('disableRestartFromStage') }

  List<String> redTests() { missingOption('skipStagesAfterUnstable') }

  List<String> timestamps() { missingOption('timestamps') }

  List<String> discarding() { missingOption('buildDiscarder') }

  private List<String> missingOption(String name) { build().options.containsKey(name) ? [] : ["The option $name is missing"] }

  List<String> trigger() { build().triggers.keySet() == ['githubPush'] as Set ? [] : ['A push must start a build, and nothing else'] }

  /** A machine that waits for a person is one that nobody else has. */
  List<String> agents() {
    def build = build()
    def pinned = build.calls.findAll { it.stage && it.stage != 'Approve' && it.agent != 'inventory-allocation' }*.stage.unique()
    def waiting = build.steps('input').findAll { it.agent }*.stage
    return pinned.collect { "$it runs on another machine than one with the label" } + waiting.collect { "$it holds a machine while it waits" }
  }

  List<String> clean() {
    def build = build()
    build.stages.findAll { it != 'Approve' }.findAll { stage ->
      def calls = build.calls.findAll { it.stage == stage && it.step != 'script' }
      calls.first().step != 'checkout' || calls.last().step != 'deleteDir' || !calls.last().isPost
    }.collect { "$it does not begin with the sources or does not end with an empty machine" }
  }

  List<String> timeouts() {
    build().steps('sh').findAll { call -> !minutes(call).any { it <= 90 } }*.stage.unique().collect { "$it may take for ever" }
  }

  private static List<Integer> minutes(Call call) {
    call.within.findAll { it.step == 'timeout' }.collect { (it.arguments.time as int) * [MINUTES: 1, HOURS: 60, DAYS: 1440][it.arguments.unit] }
  }

  List<String> approval() {
    def build = build()
    def first = build.calls.findIndexOf { it.step == 'sh' && it.command =~ /deploy\.sh prod/ }
    def asked = build.calls.take(Math.max(first, 0)).findAll { it.step == 'input' }
    if (first < 0) return ['Nothing is deployed to production']
    if (asked.empty) return ['Nobody is asked before production']
    asked.findAll { it.arguments.submitter != 'inventory-allocation-approvers' }.collect { 'Anybody may approve' } +
      asked.findAll { !it.isWithin('timeout') || minutes(it).min() > 7 * 1440 }.collect { 'Who is asked may take for ever' }
  }

  List<String> sameBundle() {
    def build = build()
    def put = build.calls.findIndexOf { it.step == 'sh' && it.command.contains('bundle.sh put') }
    def uses = build.steps('sh').findAll { it.command =~ /bundle\.sh (get|unpack)|deploy\.sh/ }
    def wrong = uses.findAll { !(expanded(it) =~ /(^|[ "])$CHECKSUM($|[ "])/) }
    def early = uses.findAll { build.calls.indexOf(it) < put }
    def unfetched = build.steps('sh').findAll { deploy ->
      deploy.command.contains('deploy.sh') && !build.steps('sh').any { it.stage == deploy.stage && it.command.contains('bundle.sh get') }
    }
    return (wrong + early + unfetched).collect { "${it.command} takes another bundle than the one that was put" } + (put < 0 ? ['No bundle is put'] : [])
  }

  /** As the shell would see it. */
  private static String expanded(Call call) { call.command.replaceAll(/\$\{?(\w+)\}?/) { whole, name -> call.env[name as String] ?: '' } }

  List<String> smoke() {
    def build = build()
    ['DeployStage': 'stage', 'DeployProd': 'prod'].findAll { stage, environment ->
      def commands = build.commands(stage)
      def deployed = commands.findIndexOf { it.contains("deploy.sh $environment ") }
      def asked = commands.findIndexOf { it == "pipeline/scripts/smoke.sh $environment" as String }
      deployed < 0 || asked < deployed
    }.collect { stage, _ -> "$stage does not ask what it has deployed" }
  }

  /** Masking is for what slips through; nothing should need it. */
  List<String> secrets() {
    def build = build()
    def values = build.scenario.secrets.values() as List
    def told = build.calls.findAll { call ->
      def text = call.step == 'withCredentials' ? '' : call.arguments.values().join(' ')
      values.any { text.contains(it) } || call.step in ['sh', 'echo'] && text =~ /\$\{?(ARTIFACTORY_TOKEN|AWS_WEB_IDENTITY_TOKEN_FILE|NPM_CONFIG_USERCONFIG)|printenv|\benv\b|set -x/
    }
    return told.collect { "${it.stage ?: 'post'} tells a secret by ${it.step}" }
  }

  /** A role for an hour by the build's own identity, never a key that somebody keeps. */
  List<String> identity() {
    def build = build()
    def keys = jenkinsfile =~ /(?i)AKIA|ACCESS_KEY|withAWS|usernamePassword|\bcredentials\(/ ? ['A key of AWS is kept in Jenkins'] : []
    def asks = build.steps('sh').findAll { it.command =~ /stack-state\.sh|deploy\.sh|smoke\.sh/ }
    def without = asks.findAll { !it.env.AWS_WEB_IDENTITY_TOKEN_FILE || !(it.env.AWS_ROLE_ARN =~ /^arn:aws:iam::\d{12}:role\//) }
    return keys + without.collect { "${it.command} has no identity" }
  }

  /** Each stage has the role of its environment, and no stage has one that it does not need. */
  List<String> roles() {
    def build = build()
    def wrong = build.steps('sh').findAll { call ->
      def role = call.env.DEPLOY_ROLE_ARN
      def expected = [
        Check: call.command.contains(' prod ') ? '333333333333:role/pipeline-inventory-allocation-prod-state' : '222222222222:role/pipeline-inventory-allocation-stage-state',
        DeployStage: '222222222222:role/pipeline-inventory-allocation-stage-deploy',
        DeployProd: '333333333333:role/pipeline-inventory-allocation-prod-deploy',
      ][call.stage]
      expected ? role != "arn:aws:iam::$expected" as String : role || call.env.AWS_ROLE_ARN || call.env.AWS_WEB_IDENTITY_TOKEN_FILE
    }
    def bucket = build.steps('sh').findAll { it.command.contains('deploy.sh') }.findAll {
      def environment = it.stage == 'DeployProd' ? 'prod' : 'stage'
      it.env.ARTIFACT_BUCKET != "$environment-bucket" as String || !it.env.CLOUDFORMATION_ROLE_ARN?.endsWith("-$environment-cloudformation") ||
        !it.env.PERMISSIONS_BOUNDARY?.endsWith("-$environment-boundary") || !it.env.AWS_ROLE_ARN?.endsWith("-$environment-runner")
    }
    return (wrong + bucket).collect { "${it.stage} runs ${it.command} with the role of another" }
  }

  /** A pull request brings its own code: it must find nothing worth stealing. */
  List<String> strangers() {
    def build = build { it.env.BRANCH_NAME = 'PR-1'; it.isPullRequest = true }
    def seen = build.steps('sh').findAll { it.env.keySet().any { it in ['ARTIFACTORY_TOKEN', 'AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'] } }
    def npm = build.steps('sh').findAll { it.env.NPM_CONFIG_USERCONFIG && it.command != 'npm ci --ignore-scripts' }
    return (seen + npm).collect { "${it.command} of a pull request sees a credential" }
  }

  List<String> notice() {
    [[:], [fails: { true }], [approver: 'abort'], [redReports: ['Test'] as Set]].findAll { change ->
      def mails = build { scenario -> change.each { name, value -> scenario[name] = value } }.steps('emailext')
      mails.size() != 1 || !mails[0].arguments.to || !mails[0].arguments.recipientProviders
    }.collect { 'A build can end without a word' }
  }

  List<String> reports() {
    ['test:unit': 'reports/junit/unit.xml', 'test:integration': 'reports/junit/integration.xml'].findAll { script, file ->
      !build { it.fails = { it.contains(script) } }.steps('junit').any { it.arguments.testResults == file }
    }.collect { script, file -> "Failed tests of $script are not reported" }
  }

  /** What would go past CloudFormation and CodeDeploy. */
  List<String> forbidden() {
    build().commands().findAll { it =~ /update-function|update-stack|publish-version|update-alias|sam deploy|sam\.sh deploy|curl|wget|\|\s*(ba)?sh\b|\|\| true|--force/ }
      .collect { "$it goes past the scripts" }
  }

  /** Nothing of one person or one machine. */
  List<String> portable() {
    def found = jenkinsfile.readLines().findAll { it =~ ~'(?i)(/home/|/users/|/root/|/opt/|c:\\\\|localhost|node \'|agent any|git \'|https?://)' }
    return found.collect { "Only one machine knows: ${it.trim()}" }
  }
}
