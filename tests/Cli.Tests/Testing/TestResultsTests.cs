using DiffusionBatch.Cli.Testing;

namespace DiffusionBatch.Cli.Tests.Testing;

public class TestResultsTests
{
    [Fact]
    public void Reads_passes_failures_skips_and_errors_outside_of_tests()
    {
        using var folder = new TemporaryFolder();
        string path = folder.Write("report.xml", """
            <assemblies><assembly name="x.dll" total="3" passed="1" failed="1" skipped="1">
              <errors><error type="test-class-cleanup" name="Fixture"><failure><message>can't clean up</message></failure></error></errors>
              <collection>
                <test name="A.Good" result="Pass" time="0.1" />
                <test name="A.Bad" result="Fail"><failure exception-type="X"><message>expected 1, found 2</message><stack-trace>   at A.Bad()</stack-trace></failure></test>
                <test name="A.Absent" result="Skip"><reason>golden files are absent</reason></test>
              </collection></assembly></assemblies>
            """);
        TestResults results = TestResults.Read(path);
        Assert.Equal(1, results.Passed);
        Assert.Equal([("A.Bad", "expected 1, found 2\n   at A.Bad()"), ("Fixture", "can't clean up")], results.Failures);
        Assert.Equal([("A.Absent", "golden files are absent")], results.Skips);
    }

    [Fact]
    public void A_project_without_a_report_is_a_failure_that_shows_the_end_of_its_output()
    {
        TestResults results = TestResults.Crashed("X.Tests", "left no report", 134, string.Join('\n', Enumerable.Range(1, 100)) + "\n");
        var (test, text) = Assert.Single(results.Failures);
        Assert.Equal("X.Tests", test);
        Assert.StartsWith("ended with exit code 134 and left no report:\n71\n", text);
        Assert.EndsWith("\n100", text);
    }
}
