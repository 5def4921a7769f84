using System.CommandLine;
using System.Diagnostics;
using DiffusionBatch.Cli.Local;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Cli.Testing;

namespace DiffusionBatch.Cli.Commands;

/// <summary><c>dbatch test</c>: everything that this machine can test.</summary>
internal sealed class TestCommand : DbatchCommand
{
    readonly Option<string?> _filter = new("--filter")
    {
        Description = "Only tests whose full name contains TEXT, or matches it where it has a *.",
        HelpName = "TEXT",
    };

    public TestCommand() : base("test",
        "Build the solution and run all tests; the last line is 'N passed, N failed, N skipped'. What a machine lacks is skipped, with "
            + "the reason; DBATCH_TEST_REQUIRE=all makes each such skip a failure.",
        "dbatch test",
        "dbatch test --filter Sampler",
        "DBATCH_TEST_REQUIRE=all dbatch test  # as in CI") =>
        Options.Add(_filter);

    /// <inheritdoc/>
    protected override async Task<int> RunAsync(ParseResult arguments, Screen screen, CancellationToken cancellationToken)
    {
        string repository = Repository.Find();
        var suite = new TestSuite(repository);
        if (!NodePackages.AreInstalled(repository))
        {
            screen.Note("dbatch: installing Azurite, the storage emulator, from npm...");
            if (await NodePackages.InstallAsync(repository, cancellationToken) is { } why)
                screen.Error($"dbatch: {why}; what needs Azurite is skipped");
        }
        screen.Note("dbatch: building the solution...");
        long start = Stopwatch.GetTimestamp();
        if (await suite.BuildAsync(cancellationToken) is { } errors)
        {
            screen.Error(errors.TrimEnd());
            screen.Error("dbatch: the build failed; nothing was tested");
            return ExitCodes.Failed;
        }
        screen.Note($"dbatch: built in {Figures.Time(Stopwatch.GetElapsedTime(start))}");
        int passed = 0, failed = 0, skipped = 0;
        var one = new Lock();
        // Two at once: much of the time tests wait, for processes to start and leases to end.
        var options = new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken };
        await Parallel.ForEachAsync(suite.Projects, options, async (project, token) =>
        {
            long began = Stopwatch.GetTimestamp();
            TestResults results = await suite.RunAsync(project, arguments.GetValue(_filter), token);
            lock (one)
            {
                Tell(screen, project, results, Stopwatch.GetElapsedTime(began));
                passed += results.Passed;
                failed += results.Failures.Count;
                skipped += results.Skips.Count;
            }
        });
        if (arguments.GetValue(_filter) is { } filter && passed + failed + skipped == 0)
            throw new UserException($"--filter {filter}: no test has such a name");
        screen.Data(Line(passed, failed, skipped));
        return failed == 0 ? ExitCodes.Done : ExitCodes.Failed;
    }

    static void Tell(Screen screen, string project, TestResults results, TimeSpan took)
    {
        screen.Note($"{project}: {Line(results.Passed, results.Failures.Count, results.Skips.Count)} ({Figures.Time(took)})");
        foreach (var (test, text) in results.Failures) screen.Data($"FAILED {test}\n{Indent(text)}\n");
        foreach (var skip in results.Skips.GroupBy(s => s.Reason))
            screen.Data($"skipped in {project}: {skip.Count()} ({skip.Key}): {string.Join(", ", skip.Select(s => s.Test))}");
    }

    static string Line(int passed, int failed, int skipped) => $"{passed} passed, {failed} failed, {skipped} skipped";

    static string Indent(string text) => "  " + text.Replace("\n", "\n  ", StringComparison.Ordinal);
}
