namespace DiffusionBatch.Cli.Testing;

/// <summary>The repository's test projects: builds and runs them.</summary>
internal sealed class TestSuite(string repository)
{
    const string Configuration = "Release";

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

    /// <summary>Runs one project's tests, all or those whose full names match the filter.</summary>
    public async Task<TestResults> RunAsync(string project, string? filter, CancellationToken cancellationToken)
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
