using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using DiffusionBatch.Cli.Terminal;
using DiffusionBatch.Contracts;
using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Pipeline.Manifests;

namespace DiffusionBatch.Cli.Remote;

/// <summary>Jobs at a server in words, and the exit codes of their ends.</summary>
internal static class JobText
{
    /// <summary>A table of jobs.</summary>
    public static TextTable Table(IEnumerable<JobView> jobs)
    {
        var table = new TextTable("job", "name", "kind", "state", "done", "items", "time", "submitted");
        foreach (JobView job in jobs)
        {
            table.Add(job.Id, job.Name, EnumText.Of(job.Kind), job.State.Name(), Share(job), Items(job),
                job.Seconds is { } seconds ? Figures.Time(TimeSpan.FromSeconds(seconds)) : "",
                job.CreatedAt.UtcDateTime.ToString("yyyy-MM-dd HH:mm", CultureInfo.InvariantCulture));
        }
        return table;
    }

    /// <summary>All that is known of a job, a line each.</summary>
    public static IEnumerable<string> Lines(JobView job)
    {
        yield return $"job         {job.Id}";
        yield return $"name        {job.Name} ({EnumText.Of(job.Kind)}, {EnumText.Of(job.Priority)} priority)";
        yield return $"state       {job.State.Name()}";
        if (job.Output is not null) yield return $"output      {job.Output}";
        if (job.Progress is { } progress && ProgressText.Status(JobProgresses.Of(job)) is { Length: > 0 } status)
            yield return $"progress    {status}{(progress.Phase is null ? "" : $" ({progress.Phase})")}";
        if (job.Tasks is not null)
            yield return $"tasks      "
                + $" {string.Join(", ", job.Tasks.OrderBy(t => t.Key).Select(t => $"{Figures.Count(t.Value)} {EnumText.Of(t.Key)}"))}";
        if (job.Items is not null) yield return $"items       {Items(job)}";
        string? estimate = job.EstimateSeconds is { } expected ? $"{Figures.Time(TimeSpan.FromSeconds(expected))} of one worker" : null;
        if (job.Seconds is { } seconds)
            yield return $"time        {Figures.Time(TimeSpan.FromSeconds(seconds))}{(estimate is null ? "" : $", estimated {estimate}")}";
        else if (estimate is not null)
            yield return $"estimate    {estimate}";
        if (job.ExpiresAt is { } expiry) yield return $"expires     {expiry.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC";
    }

    /// <summary>Says on standard error what a user must know of a job and its jobs: problems, errors, warnings.</summary>
    /// <param name="screen">The screen.</param>
    /// <param name="job">The job.</param>
    public static void Tell(Screen screen, JobView job)
    {
        foreach (JobView one in (job.Jobs ?? []).Append(job))
        {
            foreach (var problem in one.Problems ?? [])
                screen.Error(
                    new Pipeline.Problems.Problem(problem.File, problem.Pointer, problem.Line, problem.Column, problem.Message).ToString());
            foreach (string warning in one.Warnings ?? []) screen.Note($"{one.Name}: {warning}");
            if (one.Error is not null && (one.Problems ?? []).Count == 0) screen.Error($"{one.Name}: {one.Error}");
            if (one is { State: JobState.CompletedWithErrors, Items.Errored: var errored })
                screen.Note($"{one.Name}: {Figures.Count(errored)} items have errors");
        }
    }

    /// <summary>The exit code of a job's end.</summary>
    public static int ExitCode(JobView job, bool strict) => job.State switch
    {
        JobState.Completed => ExitCodes.Done,
        JobState.CompletedWithErrors => strict ? ExitCodes.Failed : ExitCodes.Done,
        JobState.Failed when (job.Jobs ?? []).Append(job).Any(j => j.Problems is { Count: > 0 }) => ExitCodes.BadInput,
        _ => ExitCodes.Failed,
    };

    static string Items(JobView job) => job.Items is not { } items ? ""
        : items.Errored > 0
            ? $"{Figures.Count(items.Succeeded)} + {Figures.Count(items.Errored)} errors"
            : Figures.Count(items.Total ?? items.Succeeded);

    static string Share(JobView job) =>
        job.State.IsFinished() ? "100 %" : job.Progress is { Total: > 0 } progress
            ? string.Create(CultureInfo.InvariantCulture, $"{100.0 * progress.Done / progress.Total:0} %")
            : "";
}

/// <summary>What <c>--output json</c> prints: the API's own documents, indented.</summary>
internal static class JobJson
{
    static readonly JsonSerializerOptions s_indented = new()
    {
        WriteIndented = true,
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    /// <summary>A document.</summary>
    public static string Of<T>(T value, JsonTypeInfo<T> type) =>
        JsonNode.Parse(JsonSerializer.Serialize(value, type))!.ToJsonString(s_indented);
}
