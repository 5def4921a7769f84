namespace DiffusionBatch.Diffusion.Sampling.Sweeps;

/// <summary>Adds up what a sweep costs, and tells how far it is.</summary>
/// <param name="time">The clock.</param>
/// <param name="total">Results in all, or null while unknown.</param>
internal sealed class CostMeter(TimeProvider time, long? total)
{
    readonly long _start = time.GetTimestamp();
    long _needed, _computed, _batches, _tokens, _done;
    double _seconds;

    /// <summary>The cost so far.</summary>
    public SweepSummary Summary => new(_needed, _computed, _batches, _tokens, _seconds);

    /// <summary>How far the sweep is.</summary>
    public SweepProgress Progress
    {
        get
        {
            var elapsed = time.GetElapsedTime(_start);
            TimeSpan? remaining = total is { } all && _done > 0 ? elapsed * ((double)(all - _done) / _done) : null;
            return new SweepProgress(_done, total, Summary, elapsed, remaining);
        }
    }

    /// <summary>Counts a forward pass over a batch.</summary>
    public void Batch(int canvases, long batchTokens)
    {
        _batches++;
        _computed += canvases;
        _tokens += batchTokens;
    }

    /// <summary>Counts time in the model.</summary>
    public void Spent(double modelSeconds) => _seconds += modelSeconds;

    /// <summary>Counts a finished result.</summary>
    public void Finished(SampleResult result)
    {
        _done++;
        _needed += result.Nfe;
    }
}
