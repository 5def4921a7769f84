using System.Diagnostics;
using OpenTelemetry;

namespace DiffusionBatch.Functions.Hosting;

/// <summary>
/// Leaves out the spans of timers' runs that went well: they are 300,000 a day, and what they do for a job is in the job's own trace.
/// </summary>
internal sealed class IdleTimers : BaseProcessor<Activity>
{
    static readonly string[] s_timers = ["Relay", "Schedule", "Webhooks", "Save", "OpenAiWork", "Reconcile"];

    /// <inheritdoc/>
    public override void OnEnd(Activity data)
    {
        if (data.Status == ActivityStatusCode.Error || !Array.Exists(s_timers, timer => IsOf(data, timer))) return;
        data.ActivityTraceFlags &= ~ActivityTraceFlags.Recorded;
    }

    static bool IsOf(Activity activity, string timer) =>
        activity.GetTagItem("faas.name") as string == timer || activity.DisplayName.EndsWith(' ' + timer, StringComparison.Ordinal);
}
