namespace Microsoft.Azure.Functions.Worker.Hosting.Timers;

/// <summary>When a timer runs.</summary>
internal interface ISchedule
{
    /// <summary>The first time after <paramref name="after"/>, both UTC.</summary>
    DateTime Next(DateTime after);
}
