using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Problems;

namespace DiffusionBatch.Cli.Running;

/// <summary>
/// Shows the outcome of a run: a table of the jobs and the scores on standard output, all that went wrong on standard error.
/// </summary>
internal static class OutcomeText
{
    /// <summary>Says on standard error what the user must know, whatever the form of the output.</summary>
    public static void Tell(Screen screen, JobOutcome outcome, string command)
    {
        foreach (Problem problem in outcome.Problems) screen.Error(problem.ToString());
        foreach (JobSummary job in outcome.Jobs)
        {
            foreach (Problem problem in job.Problems) screen.Error(problem.ToString());
            foreach (string warning in job.Warnings) screen.Note($"{job.Name}: {warning}");
            if (job.Error is not null) screen.Error($"{job.Name}: {job.Error}");
        }
        if (outcome.Error is not null) screen.Error($"dbatch: {outcome.Error}");
        if (outcome.Verdict == JobVerdict.Interrupted) screen.Note($"dbatch: interrupted; go on with: {command}");
    }

    /// <summary>The jobs as a table.</summary>
    public static TextTable Jobs(JobOutcome outcome)
    {
        var table = new TextTable("job", "kind", "state", "items", "time", "output");
        foreach (JobSummary job in outcome.Jobs)
        {
            string state = job.Unchanged ? $"{job.State.Name()} (before)" : job.State.Name();
            string items = job.Items is { } i ? i.Errored > 0
                ? $"{Figures.Count(i.Succeeded)} + {Figures.Count(i.Errored)} errors"
                : Figures.Count(i.Total) : "";
            table.Add(job.Name, job.Kind, state, items, Figures.Time(job.Elapsed), job.Output);
        }
        return table;
    }

    /// <summary>The exit code of an outcome.</summary>
    /// <param name="outcome">How the run ended.</param>
    /// <param name="strict">Whether a single item error counts as a failure.</param>
    public static int ExitCode(JobOutcome outcome, bool strict) => outcome.Verdict switch
    {
        JobVerdict.Done => ExitCodes.Done,
        JobVerdict.DoneWithErrors => strict ? ExitCodes.Failed : ExitCodes.Done,
        JobVerdict.BadInput => ExitCodes.BadInput,
        JobVerdict.Interrupted => ExitCodes.Interrupted,
        _ => ExitCodes.Failed,
    };
}
