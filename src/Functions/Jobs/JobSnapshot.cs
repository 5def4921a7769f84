using System.Globalization;
using System.Text;
using DiffusionBatch.Contracts;

namespace DiffusionBatch.Functions.Jobs;

/// <summary>Tells whether a job's view says anything new: its id covers states and counts, not rates and times that change by themselves.</summary>
internal static class JobSnapshot
{
    /// <summary>The view's id, for <c>Last-Event-ID</c>: 24 hexadecimal digits.</summary>
    public static string IdOf(JobView job)
    {
        var text = new StringBuilder();
        Append(text, job);
        return Hosting.EntityTag.Digest(Encoding.UTF8.GetBytes(text.ToString()));
    }

    static void Append(StringBuilder text, JobView job)
    {
        text.Append(CultureInfo.InvariantCulture, $"{job.Id} {job.State} {job.Items} {job.Progress?.Done} {job.Progress?.Total} {job.Progress?.Phase} {job.Error}");
        foreach (var (state, count) in (job.Tasks ?? new Dictionary<TaskState, long>()).OrderBy(t => t.Key)) text.Append(CultureInfo.InvariantCulture, $" {state} {count}");
        text.Append('\n');
        foreach (JobView child in job.Jobs ?? []) Append(text, child);
    }
}
