namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>Adds up what a sweep costs, and tells how far it is.</summary>
/// <param name="time">The clock.</param>
/// <param name="total">Results in all, or null while unknown.</param>
internal sealed class CostMeter(TimeProvider time, long? total)
{
    readonly long start = time.GetTimestamp();
    long needed, computed, batches, tokens, done;
    double seconds;

    /// <summary>The cost so far.</summary>
    public SweepSummary Summary => new(needed, computed, batches, tokens, seconds);

    /// <summary>How far the sweep is.</summary>
    public SweepProgress Progress
    {
        get
        {
            var elapsed = time.GetElapsedTime(start);
            TimeSpan? remaining = total is { } all && done > 0 ? elapsed * ((double)(all - done) / done) : null;
            return new SweepProgress(done, total, Summary, elapsed, remaining);
        }
    }

    /// <summary>Counts a forward pass over a batch.</summary>
    public void Batch(int canvases, long batchTokens)
    {
        batches++;
        computed += canvases;
        tokens += batchTokens;
    }

    /// <summary>Counts time in the model.</summary>
    public void Spent(double modelSeconds) => seconds += modelSeconds;

    /// <summary>Counts a finished result.</summary>
    public void Finished(SampleResult result)
    {
        done++;
        needed += result.Nfe;
    }
}
