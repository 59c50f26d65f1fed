import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.Test
import org.junit.jupiter.api.TestFactory

import static org.junit.jupiter.api.DynamicTest.dynamicTest

/** Builds as they happen, on the Jenkinsfile as it is. */
class JenkinsfileTest {
  static final STAGES = ['Source', 'Check', 'Build', 'Test', 'DeployStage', 'Approve', 'DeployProd']

  final rules = new Rules(Rules.JENKINSFILE.text)

  @Test
  void 'a push to main goes through every stage, in their order'() {
    def build = rules.build()

    assert build.stages == STAGES
    assert build.skipped == []
    assert build.result == 'SUCCESS'
  }

  @Test
  void 'every stage runs the commands of its buildspec, with the same arguments'() {
    def build = rules.build()

    assert build.commands('Check') == [
      'pipeline/scripts/stack-state.sh stage --wait 600',
      'pipeline/scripts/stack-state.sh prod --wait 600',
    ]
    assert build.commands('Build') == [
      'npm ci --ignore-scripts',
      'npm run test:unit',
      'pipeline/scripts/sam.sh build',
      'npm run --silent sbom > sbom.cdx.json',
      'pipeline/scripts/bundle.sh pack bundle.tar.gz --sbom sbom.cdx.json',
      'pipeline/scripts/bundle.sh put bundle.tar.gz',
    ]
    assert build.commands('Test') == [
      'npm ci --ignore-scripts',
      'pipeline/scripts/bundle.sh get "$BUNDLE_SHA256" bundle.tar.gz',
      'pipeline/scripts/bundle.sh unpack bundle.tar.gz "$BUNDLE_SHA256" tested',
      'npm run test:integration',
    ]
    assert ['stage', 'prod'].every { environment ->
      build.commands(environment == 'stage' ? 'DeployStage' : 'DeployProd') == [
        'pipeline/scripts/bundle.sh get "$BUNDLE_SHA256" bundle.tar.gz',
        'pipeline/scripts/release-id.sh',
        "pipeline/scripts/stack-state.sh $environment" as String,
        "pipeline/scripts/deploy.sh $environment --bundle bundle.tar.gz --checksum \"\$BUNDLE_SHA256\" --output deployed" as String,
        "pipeline/scripts/smoke.sh $environment" as String,
      ]
    }
    assert build.commands('Approve') == []
  }

  @Test
  void 'the integration tests get the bundle that was fetched'() {
    def integration = rules.build().steps('sh').find { it.command == 'npm run test:integration' }

    assert integration.env.SAM_BUILD == '/agent/workspace/tested/build'
  }

  @Test
  void 'the smoke test asks for the release that was deployed'() {
    def commands = rules.build().steps('sh')

    assert commands.findAll { it.command =~ /deploy\.sh|smoke\.sh/ }*.env*.RELEASE_ID == [Rules.RELEASE] * 4
  }

  /** Each command of a whole build fails once. */
  @TestFactory
  List<DynamicTest> 'what fails stops everything behind it, and is told'() {
    def whole = rules.build()
    whole.steps('sh').withIndex().collect { call, index ->
      dynamicTest("where ${call.stage} fails at ${call.command}") {
        int counter = 0
        def build = rules.build { it.fails = { counter++ == index } }

        assert build.result == 'FAILURE'
        assert build.stages == STAGES.takeWhile { it != call.stage } + call.stage
        assert build.skipped == STAGES - build.stages
        assert build.commands() == whole.commands().take(index + 1)
        assert build.steps('input').empty == (STAGES.indexOf(call.stage) <= STAGES.indexOf('Approve'))
        assert build.steps('emailext')*.arguments.subject == ['FAILURE: inventory/main 7']
        assert build.steps('deleteDir')*.stage == build.stages - 'Approve'
      }
    }
  }

  @TestFactory
  List<DynamicTest> 'what stands still is ended, and is told'() {
    STAGES.collect { stage ->
      dynamicTest("in $stage") {
        def build = rules.build { it.hangs = [stage] as Set }

        assert build.result == 'ABORTED'
        assert build.stages == STAGES.takeWhile { it != stage } + stage
        assert build.steps('emailext')*.arguments.subject == ['ABORTED: inventory/main 7']
      }
    }
  }

  @TestFactory
  List<DynamicTest> 'a report with a failed test keeps the build from being deployed'() {
    ['Build', 'Test'].collect { stage ->
      dynamicTest("of $stage") {
        def build = rules.build { it.redReports = [stage] as Set }

        assert build.result == 'UNSTABLE'
        assert !build.stages.any { it.startsWith('Deploy') || it == 'Approve' }
        assert build.steps('emailext')*.arguments.subject == ['UNSTABLE: inventory/main 7']
      }
    }
  }

  @Test
  void 'reports are made of tests that failed too'() {
    def unit = rules.build { it.fails = { it == 'npm run test:unit' } }
    def integration = rules.build { it.fails = { it == 'npm run test:integration' } }

    assert unit.steps('junit')*.arguments.testResults == ['reports/junit/unit.xml']
    assert unit.steps('recordCoverage').size() == 1
    assert integration.steps('junit')*.arguments.testResults == ['reports/junit/unit.xml', 'reports/junit/integration.xml']
  }

  @Test
  void 'a report that cannot be made fails the build, and the rest is done all the same'() {
    def build = rules.build { it.brokenSteps = ['junit'] as Set }

    assert build.result == 'FAILURE'
    assert build.stages == ['Source', 'Check', 'Build']
    assert build.steps('deleteDir')*.stage == build.stages
    assert build.steps('emailext').size() == 1
  }

  @Test
  void 'a deployment that failed leaves its AppSpec for the rollback'() {
    def build = rules.build { it.fails = { it.contains('smoke.sh prod') } }

    assert build.steps('archiveArtifacts').findAll { it.arguments.artifacts == 'deployed/**' }*.stage == ['DeployStage', 'DeployProd']
  }

  @Test
  void 'nothing reaches production that a person has refused'() {
    def build = rules.build { it.approver = 'abort' }

    assert build.result == 'ABORTED'
    assert build.stages.last() == 'Approve'
    assert !build.commands().any { it =~ /deploy\.sh prod/ }
    assert build.steps('emailext')*.arguments.subject == ['ABORTED: inventory/main 7']
  }

  @Test
  void 'nothing reaches production that nobody has approved in time'() {
    def build = rules.build { it.approver = 'wait' }

    assert build.result == 'ABORTED'
    assert build.skipped == ['DeployProd']
    assert build.steps('emailext').size() == 1
  }

  @Test
  void 'who approves is shown what'() {
    def build = rules.build()

    assert build.steps('input')*.arguments.message == [
      "Release ${Rules.COMMIT} to production? Changes: 1 commits: Let it be;. Migrations: 29990101000000_expand. Bundle: ${Rules.CHECKSUM}" as String,
    ]
    assert build.steps('sh').findAll { it.command.contains('changes.sh') }*.env*.RELEASED_COMMIT == ['f' * 40] * 2
    assert rules.build { it.releasedCommit = null }.steps('sh').find { it.command.contains('changes.sh') }.env.RELEASED_COMMIT == 'None'
  }

  @Test
  void 'another branch is built and tested, and neither published nor deployed'() {
    def build = rules.build { it.env.BRANCH_NAME = 'feature/x' }

    assert build.stages == ['Source', 'Build', 'Test']
    assert build.result == 'SUCCESS'
    assert !build.commands().any { it =~ /bundle\.sh (put|get)|deploy\.sh|stack-state\.sh/ }
  }
}
