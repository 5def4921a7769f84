namespace Microsoft.Azure.Functions.Worker.Hosting.Timers;

/// <summary>A time after each run, whatever the clock says.</summary>
internal sealed class IntervalSchedule(TimeSpan interval) : ISchedule
{
    /// <inheritdoc/>
    public DateTime Next(DateTime after) => after + interval;
}
