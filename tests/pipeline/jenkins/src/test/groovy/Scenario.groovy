/** What the world around a build does: branch, credentials, what commands answer, what a person decides. */
class Scenario {
  Map<String, String> env = [BRANCH_NAME: 'main', BUILD_NUMBER: '7', BUILD_URL: 'https://jenkins.invalid/job/7/', JOB_NAME: 'inventory/main',
                             WORKSPACE: '/agent/workspace']
  String commit = 'e' * 40
  /** Of the last build that went through; null before the first one. */
  String releasedCommit = 'f' * 40
  /** Whether the build was started by a pull request. */
  boolean isPullRequest = false
  /** Secret by credentials id; any id that is not named has a secret of its own. */
  Map<String, String> secrets = [:].withDefault { id -> "secret-of-$id".toString() }
  /** Commands that fail. */
  Closure<Boolean> fails = { String command -> false }
  /** What a command prints. */
  Closure<String> prints = { String command -> '' }
  /** Stages whose reports hold a failed test. */
  Set<String> redReports = []
  /** Stages that stand still until their time is over. */
  Set<String> hangs = []
  /** Steps beside `sh` that fail, such as a mail server that is away. */
  Set<String> brokenSteps = []
  /** approve, abort, or wait until the time is over. */
  String approver = 'approve'
}
