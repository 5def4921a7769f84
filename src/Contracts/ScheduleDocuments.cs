using System.Text.Json;
using System.Text.Json.Serialization;
using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Contracts;

/// <summary>A schedule as a client hands it in; what is absent has its default.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cron">When it runs: a cron expression of five fields, or of six with seconds first.</param>
/// <param name="Manifest">What runs: a manifest in whose texts {date}, {time} and {run} stand for the run's own.</param>
public sealed record ScheduleBody(string Name, string Cron, JsonElement Manifest)
{
    /// <summary>The time zone that the expression is meant in, by its IANA name; UTC by default.</summary>
    public string? TimeZone { get; init; }

    /// <summary>What happens to a run whose time comes while an earlier one hasn't ended; skip by default.</summary>
    public ScheduleOverlap? Overlap { get; init; }

    /// <summary>What happens to runs whose time passed while nothing was there to start them; none by default.</summary>
    public ScheduleMissed? Missed { get; init; }

    /// <summary>Whether it starts nothing for now.</summary>
    public bool? Paused { get; init; }
}

/// <summary>A schedule as the API tells it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Cron">When it runs.</param>
/// <param name="TimeZone">The time zone that the expression is meant in.</param>
/// <param name="Overlap">What happens to a run whose time comes while an earlier one hasn't ended.</param>
/// <param name="Missed">What happens to runs whose time passed while nothing was there to start them.</param>
/// <param name="Paused">Whether it starts nothing for now.</param>
/// <param name="Next">The next five times, UTC; those of a paused one come to nothing unless it is resumed before.</param>
public sealed record ScheduleView(
    string Name, string Cron, string TimeZone, ScheduleOverlap Overlap, ScheduleMissed Missed, bool Paused,
    IReadOnlyList<DateTimeOffset> Next)
{
    /// <summary>The manifest's template; absent from lists.</summary>
    public JsonElement? Manifest { get; init; }

    /// <summary>How many runs were started so far.</summary>
    public long Runs { get; init; }

    /// <summary>What became of the latest times, the newest first; absent from lists.</summary>
    public IReadOnlyList<ScheduleTickView>? Recent { get; init; }

    /// <summary>When it was made.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed by a user.</summary>
    public required DateTimeOffset ChangedAt { get; init; }
}

/// <summary>What became of one of a schedule's times.</summary>
/// <param name="ScheduledFor">The time, UTC.</param>
/// <param name="Outcome">What became of it.</param>
public sealed record ScheduleTickView(DateTimeOffset ScheduledFor, TickOutcome Outcome)
{
    /// <summary>The job that was submitted.</summary>
    public string? Job { get; init; }

    /// <summary>Why no job was.</summary>
    public string? Reason { get; init; }
}

/// <summary>What became of one of a schedule's times.</summary>
[JsonConverter(typeof(CamelCase<TickOutcome>))]
public enum TickOutcome
{
    /// <summary>Its job was submitted.</summary>
    Submitted,

    /// <summary>It waits for an earlier run's end.</summary>
    Waiting,

    /// <summary>It was left out: an earlier run hadn't ended.</summary>
    Skipped,

    /// <summary>It was left out: its time had passed before anything looked.</summary>
    Missed,

    /// <summary>The manifest had problems at that time.</summary>
    Refused,
}

/// <summary>All schedules, by name.</summary>
/// <param name="Schedules">The schedules.</param>
public sealed record ScheduleListView(IReadOnlyList<ScheduleView> Schedules);

/// <summary>A schedule's next times.</summary>
/// <param name="Next">The times, UTC.</param>
public sealed record ScheduleTimesView(IReadOnlyList<DateTimeOffset> Next);
