using System.Diagnostics;

namespace DiffusionBatch.Cli.Testing;

/// <summary>The repository's test projects: builds and runs them.</summary>
internal sealed class TestSuite(string repository)
{
    const string Configuration = "Release";

    // The longest first, so that none is left to run alone. A project that isn't named here is a short one that computes.
    static readonly string[] s_waiting = ["Cli.Tests", "LocalHost.Tests", "Functions.Tests"];
    static readonly string[] s_computing = ["Pipeline.Tests", "Infra.Tests", "Diffusion.Tests", "GpuWorker.Tests", "Evaluation.Tests"];

    /// <summary>The test projects' names, in ordinal order.</summary>
    public IReadOnlyList<string> Projects =>
        [.. Directory.EnumerateDirectories(Path.Combine(repository, "tests"), "*.Tests").Select(d => Path.GetFileName(d)!)
            .Order(StringComparer.Ordinal)];

    /// <summary>Builds everything in Release, the launcher's own configuration; what is built already is kept.</summary>
    /// <returns>Null, or what the failed build said.</returns>
    public async Task<string?> BuildAsync(CancellationToken cancellationToken)
    {
        var (code, output) = await Tool.DotnetAsync(repository,
            ["build", "DiffusionBatch.sln", "-c", Configuration, "-v", "q", "-nologo", "-clp:NoSummary"], cancellationToken);
        return code == 0 ? null : output;
    }

    /// <summary>
    /// Runs all projects' tests, or those whose full names match the filter: two projects at a time, one of those that mostly wait for
    /// processes and storage beside one that keeps the processor busy.
    /// </summary>
    /// <returns>Each project's outcome as soon as it is there.</returns>
    public IAsyncEnumerable<ProjectRun> RunAllAsync(string? filter, CancellationToken cancellationToken) =>
        Lanes.RunAsync(
            s_waiting.Intersect(Projects), s_computing.Intersect(Projects).Concat(Projects.Except([.. s_waiting, .. s_computing])),
            async project =>
            {
                long start = Stopwatch.GetTimestamp();
                TestResults results = await RunAsync(project, filter, cancellationToken);
                return new ProjectRun(project, results, Stopwatch.GetElapsedTime(start));
            },
            cancellationToken);

    async Task<TestResults> RunAsync(string project, string? filter, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(repository, "tests", project, "bin", Configuration, "net10.0");
        string assembly = Path.Combine(folder, $"DiffusionBatch.{project}.dll");
        string report = Path.Combine(Path.GetTempPath(), $"dbatch-test-{Environment.ProcessId}-{project}.xml");
        List<string> arguments = [assembly, "-noLogo", "-noColor", "-xml", report];
        if (filter is not null) arguments.AddRange(["-method", filter.Contains('*', StringComparison.Ordinal) ? filter : $"*{filter}*"]);
        try
        {
            var (code, output) = await Tool.DotnetAsync(folder, arguments, cancellationToken);
            if (!File.Exists(report)) return TestResults.Crashed(project, "left no report", code, output);
            TestResults results = TestResults.Read(report);
            // All tests passed, but the process failed after them.
            return code == 0 || results.Failures.Count > 0 ? results
                : results with { Failures = TestResults.Crashed(project, "reported no failure", code, output).Failures };
        }
        finally
        {
            File.Delete(report);
        }
    }
}

/// <summary>What came of one project's tests, and how long they took.</summary>
internal sealed record ProjectRun(string Project, TestResults Results, TimeSpan Time);

/// <summary>The repository that this <c>dbatch</c> was built in.</summary>
internal static class Repository
{
    /// <summary>The folder that holds <c>DiffusionBatch.sln</c>.</summary>
    /// <exception cref="UserException">This copy of <c>dbatch</c> lies outside a clone.</exception>
    public static string Find()
    {
        for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
            if (File.Exists(Path.Combine(folder.FullName, "DiffusionBatch.sln"))) return folder.FullName;
        throw new UserException(
            "this works in a clone of the repository; there is no DiffusionBatch.sln above " + AppContext.BaseDirectory);
    }
}
