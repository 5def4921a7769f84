using Microsoft.Azure.Functions.Worker.Extensions.Abstractions;

namespace Microsoft.Azure.Functions.Worker;

/// <summary>Starts a function on a schedule.</summary>
/// <param name="schedule">
/// An NCRONTAB expression of six fields ({second} {minute} {hour} {day} {month} {day of week}, UTC), one of five fields
/// without the seconds, an interval such as <c>00:00:05</c>, or <c>%Setting%</c> that holds one of these.
/// </param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class TimerTriggerAttribute(string schedule) : TriggerBindingAttribute
{
    /// <summary>The schedule as it was given.</summary>
    public string Schedule { get; } = schedule;

    /// <summary>Whether it also runs when the host starts.</summary>
    public bool RunOnStartup { get; set; }
}
