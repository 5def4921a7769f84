using System.Globalization;
using System.Xml.Linq;

namespace DiffusionBatch.Cli.Testing;

/// <summary>The outcome of a test project's run.</summary>
/// <param name="Passed">Tests that passed.</param>
/// <param name="Failures">Tests that failed: name and what is wrong.</param>
/// <param name="Skips">Tests that were skipped: name and reason.</param>
internal sealed record TestResults(
    int Passed, IReadOnlyList<(string Test, string Text)> Failures, IReadOnlyList<(string Test, string Reason)> Skips)
{
    /// <summary>Reads xUnit's XML report.</summary>
    public static TestResults Read(string path)
    {
        XDocument report = XDocument.Load(path);
        List<(string, string)> failures = [], skips = [];
        int passed = 0;
        foreach (XElement test in report.Descendants("test"))
        {
            string name = (string?)test.Attribute("name") ?? "?";
            switch ((string?)test.Attribute("result"))
            {
                case "Pass": passed++; break;
                case "Skip": skips.Add((name, (test.Element("reason")?.Value ?? "no reason given").Trim())); break;
                case "Fail": failures.Add((name, Text(test.Element("failure")))); break;
            }
        }
        // Errors outside of tests: a fixture that couldn't be cleaned up, a class that couldn't be made.
        foreach (XElement error in report.Descendants("error"))
            failures.Add(((string?)error.Attribute("name") ?? (string?)error.Attribute("type") ?? "error", Text(error.Element("failure"))));
        return new TestResults(passed, failures, skips);
    }

    /// <summary>A project whose test process failed, whatever its tests said.</summary>
    public static TestResults Crashed(string project, string circumstance, int exitCode, string output)
    {
        string[] lines = output.TrimEnd().Split('\n');
        string tail = string.Join('\n', lines.TakeLast(30));
        return new TestResults(
            0, [(project, string.Create(CultureInfo.InvariantCulture, $"ended with exit code {exitCode} and {circumstance}:\n{tail}"))],
            []);
    }

    static string Text(XElement? failure) =>
        failure is null ? "" : $"{failure.Element("message")?.Value.Trim()}\n{failure.Element("stack-trace")?.Value.TrimEnd()}".Trim('\n');
}
