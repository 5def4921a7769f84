using System.Text.Json.Serialization;
using DiffusionBatch.Contracts.Fields;

namespace DiffusionBatch.Contracts.Manifests;

/// <summary>A schedule as it is handed in: when a manifest runs again and again, and what to do where that doesn't go as planned.</summary>
public sealed record ScheduleSettings
{
    /// <summary>The schedule's name.</summary>
    [Field("The schedule's name: its jobs carry it.")]
    [Pattern(Patterns.Name, Patterns.NameWords)]
    public required string Name { get; init; }

    /// <summary>When it runs, a cron expression.</summary>
    [Field("When it runs: a cron expression of five fields (minute, hour, day of month, month, day of week), or of six with "
        + "seconds first.")]
    public required string Cron { get; init; }

    /// <summary>The time zone that the expression is meant in, by its IANA name.</summary>
    [Field("The time zone that the expression is meant in, by its IANA name.")]
    public string TimeZone { get; init; } = "UTC";

    /// <summary>What runs: a manifest in whose texts <c>{date}</c>, <c>{time}</c> and <c>{run}</c> stand for the run's own.</summary>
    [Field("What runs: a manifest in whose texts {date}, {time} and {run} stand for the run's own.")]
    public required JobManifest Manifest { get; init; }

    /// <summary>What happens to a run whose time comes while the one before it hasn't ended.</summary>
    [Field("What happens to a run whose time comes while an earlier one hasn't ended.")]
    public ScheduleOverlap Overlap { get; init; }

    /// <summary>What happens to runs whose time passed while nothing was there to start them.</summary>
    [Field("What happens to runs whose time passed while nothing was there to start them.")]
    public ScheduleMissed Missed { get; init; }

    /// <summary>Whether it starts nothing for now.</summary>
    [Field("Whether it starts nothing for now.")]
    public bool Paused { get; init; }
}

/// <summary>What happens to a run whose time comes while an earlier one hasn't ended.</summary>
[JsonConverter(typeof(CamelCase<ScheduleOverlap>))]
public enum ScheduleOverlap
{
    /// <summary>It is left out.</summary>
    Skip,

    /// <summary>It waits for its turn.</summary>
    Queue,

    /// <summary>It starts, and the earlier one is cancelled.</summary>
    Replace,
}

/// <summary>What happens to runs whose time passed while nothing was there to start them.</summary>
[JsonConverter(typeof(CamelCase<ScheduleMissed>))]
public enum ScheduleMissed
{
    /// <summary>They are left out.</summary>
    None,

    /// <summary>The last of them is made up for.</summary>
    Last,

    /// <summary>All of them are made up for, the last hundred at most.</summary>
    All,
}
