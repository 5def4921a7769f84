namespace Microsoft.Azure.Functions.Worker;

/// <summary>What a timer function learns about its run.</summary>
public class TimerInfo
{
    /// <summary>When it ran and will run.</summary>
    public ScheduleStatus? ScheduleStatus { get; set; }

    /// <summary>Whether the run is late: its time had passed before it could be started.</summary>
    public bool IsPastDue { get; set; }
}
