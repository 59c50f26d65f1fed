import org.junit.jupiter.api.DynamicTest
import org.junit.jupiter.api.TestFactory

import static org.junit.jupiter.api.DynamicTest.dynamicTest

/** Every rule holds, and catches the smallest change that breaks it. */
class RulesTest {
  static final text = Rules.JENKINSFILE.text

  /** Rule, what the defect is, and the edit. */
  static final DEFECTS = [
    ['concurrency', 'two builds may run at once', { it - '    disableConcurrentBuilds()\n' }],
    ['concurrency', 'a restart may step over the approval', { it.replaceFirst(/ *disableRestartFromStage.*\n/, '') }],
    ['redTests', 'red reports stop nothing', { it - '    skipStagesAfterUnstable()\n' }],
    ['timestamps', 'the log has no times', { it - '    timestamps()\n' }],
    ['discarding', 'builds are kept for ever', { it.replaceFirst(/ *buildDiscarder.*\n/, '') }],
    ['trigger', 'nothing starts a build', { it - '    githubPush()\n' - '  triggers {\n  }\n' }],
    ['trigger', 'the repository is polled', { it.replace('githubPush()', "pollSCM('* * * * *')") }],
    ['agents', 'a stage runs on one machine', { it.replaceFirst(/label 'inventory-allocation'/, "label 'my-laptop'") }],
    ['agents', 'the approval holds a machine', { it.replace("stage('Approve') {", "stage('Approve') {\n agent { label 'inventory-allocation' }") }],
    ['clean', 'a stage works on what another left', { after(it, "stage('DeployProd')") { it.replaceFirst('checkout scm\n', '') } }],
    ['clean', 'credentials may stay behind', { it.replaceFirst(/cleanup \{ deleteDir\(\) \}/, '') }],
    ['timeouts', 'a deployment may take for ever', { after(it, "stage('DeployProd')") { it.replaceFirst(/ *options .*\n/, '') } }],
    ['approval', 'nobody is asked', { it.replaceFirst(/(?s)input message.*?approvers'/, "echo 'Release'") }],
    ['approval', 'anybody may approve', { it.replaceFirst(/,\s*submitter: '.*?'/, '') }],
    ['approval', 'the question stands for ever', { it.replaceFirst(/timeout\(time: 3, unit: 'DAYS'\)/, 'script') }],
    ['approval', 'the question comes after production', { it.replaceFirst("smoke.sh stage'", "smoke.sh stage'\nsh 'pipeline/scripts/deploy.sh prod --bundle bundle.tar.gz --checksum x'") }],
    ['sameBundle', 'another checksum is fetched', { it.replace('bundle.sh get "$BUNDLE_SHA256"', 'bundle.sh get "$GIT_COMMIT"') }],
    ['sameBundle', 'production builds its own', { after(it, "stage('DeployProd')") { it.replaceFirst(/sh 'pipeline\/scripts\/bundle\.sh get.*'/, "sh 'pipeline/scripts/sam.sh build'") } }],
    ['sameBundle', 'no bundle is put', { it.replace('bundle.sh put', 'bundle.sh --help') }],
    ['smoke', 'production is not asked', { it.replaceFirst(/ *sh 'pipeline\/scripts\/smoke\.sh prod'\n/, '') }],
    ['smoke', 'stage is asked in its place', { it.replace('smoke.sh prod', 'smoke.sh stage') }],
    ['secrets', 'Groovy puts a token into a command', { it.replace("sh 'pipeline/scripts/bundle.sh put bundle.tar.gz'", 'sh "ARTIFACTORY_TOKEN=${ARTIFACTORY_TOKEN} pipeline/scripts/bundle.sh put bundle.tar.gz"') }],
    ['secrets', 'a token is an argument', { it.replace('bundle.sh put bundle.tar.gz', 'bundle.sh put bundle.tar.gz $ARTIFACTORY_TOKEN') }],
    ['secrets', 'the environment is printed', { it.replace("sh 'pipeline/scripts/release-id.sh'", "sh 'env'").replaceFirst("sh 'npm ci", "sh 'printenv'\nsh 'npm ci") }],
    ['identity', 'a key of AWS is kept', { it.replaceFirst("CI = 'true'", "CI = 'true'\n AWS_ACCESS_KEY_ID = 'x'") }],
    ['identity', 'a deployment has no identity', { after(it, "stage('DeployProd')") { it.replace('AWS_WEB_IDENTITY_TOKEN_FILE', 'TOKEN_FILE') } }],
    ['roles', 'stage is deployed with the role of production', { it.replace('stage-deploy', 'prod-deploy') }],
    ['roles', 'every stage has a role', { it.replaceFirst("CI = 'true'", "CI = 'true'\n AWS_ROLE_ARN = 'arn:aws:iam::111111111111:role/x'") }],
    ['roles', 'production bounds its roles by those of stage', { it.replace('prod-boundary', 'stage-boundary') }],
    ['roles', 'production takes its code from the bucket of stage', { it.replace('INVENTORY_PROD_BUCKET', 'INVENTORY_STAGE_BUCKET') }],
    ['strangers', 'a pull request publishes', { it.replaceFirst(/if \(env.BRANCH_NAME == 'main'\)/, 'if (true)') }],
    ['strangers', 'a pull request deploys', { it.replace("when { branch 'main' }", '') }],
    ['strangers', 'a test sees the credentials of npm', { it.replaceFirst(/sh 'npm ci --ignore-scripts'/, "sh 'npm ci --ignore-scripts && npm run test:unit'") }],
    ['notice', 'only a success is told', { after(it, '\n  post {') { it.replace('always', 'success') } }],
    ['notice', 'nobody is told', { it.replaceFirst(/to: env.INVENTORY_MAIL \?: '',/, "to: '',") }],
    ['reports', 'failed tests are not reported', { it.replaceFirst(/always \{\n\s+junit/, 'unstable {\n junit') }],
    ['forbidden', 'code is put past CodeDeploy', { it.replaceFirst(/sh 'pipeline\/scripts\/smoke\.sh stage'/, "sh 'aws lambda update-function-code --function-name x'") }],
    ['forbidden', 'a failure is swallowed', { it.replace("sh 'npm run test:unit'", "sh 'npm run test:unit || true'") }],
    ['portable', 'a path of one machine', { it.replace('bundle.tar.gz', '/home/me/bundle.tar.gz') }],
    ['portable', 'the address of one repository', { it.replaceFirst('checkout scm', "checkout scm // git 'https://example.com/x.git'") }],
  ]

  @TestFactory
  List<DynamicTest> 'holds'() {
    DEFECTS*.first().unique().collect { rule ->
      dynamicTest(rule) { assert new Rules(text)."$rule"() == [] }
    }
  }

  @TestFactory
  List<DynamicTest> 'is broken, and seen to be, where'() {
    DEFECTS.collect { rule, defect, edit ->
      dynamicTest("$defect ($rule)") {
        def broken = edit(text) as String
        assert broken != text
        assert new Rules(broken)."$rule"() != []
      }
    }
  }

  @TestFactory
  List<DynamicTest> 'is refused as Jenkins would, where'() {
    [
      ['a step does not exist', { it.replaceFirst('checkout scm', 'chekout scm') }],
      ['a section does not exist', { it.replaceFirst('agent none', 'agents none') }],
      ['an option does not exist', { it.replaceFirst('timestamps\\(\\)', 'timestamp()') }],
      ['a variable does not exist', { it.replaceFirst('checkout scm', 'checkout scmm') }],
      ['a stage has no steps', { it.replaceFirst(/(?s)stage\('Approve'\).*?\n    \}\n/, "stage('Approve') { when { branch 'main' } }\n") }],
      ['a post condition does not exist', { it.replaceFirst('cleanup \\{', 'finally {') }],
      ['the braces do not match', { it + '}' }],
    ].collect { defect, edit ->
      dynamicTest(defect) {
        def broken = edit(text) as String
        assert broken != text
        try {
          new Rules(broken).build()
        } catch (InvalidPipeline | org.codehaus.groovy.control.CompilationFailedException expected) {
          return
        }
        assert false: 'Jenkins would have refused it'
      }
    }
  }

  private static String after(String text, String mark, Closure<String> edit) {
    int at = text.indexOf(mark)
    assert at >= 0
    return text.substring(0, at) + edit(text.substring(at))
  }
}
