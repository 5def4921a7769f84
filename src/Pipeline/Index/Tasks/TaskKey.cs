namespace DiffusionBatch.Pipeline.Index;

/// <summary>Which task.</summary>
/// <param name="Job">The job's id.</param>
/// <param name="Ordinal">The task's number in it, from 0.</param>
public readonly record struct TaskKey(string Job, int Ordinal)
{
    /// <summary>"job/12".</summary>
    public override string ToString() => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{Job}/{Ordinal}");
}
