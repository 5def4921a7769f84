using DiffusionBatch.Diffusion.Randomness;

namespace DiffusionBatch.Diffusion.Processes.Likelihoods;

/// <summary>How a likelihood, or a bound of it, is come by.</summary>
public abstract class LikelihoodForm
{
    /// <summary>The name for reports.</summary>
    public abstract string Name(LikelihoodOptions options);
}

/// <summary>A bound that a process makes of a sequence as a whole, with passes of its own form.</summary>
/// <param name="closing">What stands behind each response, which counts as a token of it: <c>&lt;/s&gt;</c>, or nothing.</param>
public abstract class SequenceBound(int[] closing) : LikelihoodForm
{
    /// <summary>The estimates of one response, whose mean is the bound. // (draws) nats</summary>
    public abstract double[] Draws(LikelihoodItem item, LikelihoodOptions options);

    /// <summary>Tokens behind a response.</summary>
    public int Closing => closing.Length;

    /// <summary>Prompt, response and what closes it.</summary>
    protected int[] Sequence(LikelihoodItem item)
    {
        ArgumentNullException.ThrowIfNull(item);
        return [.. item.PromptIds, .. item.Ids, .. closing];
    }
}

/// <summary>A noised response.</summary>
/// <param name="Ids">(N) x_t.</param>
/// <param name="Rows">(R) the positions whose prediction is read, ascending.</param>
/// <param name="Weight">What the sum over them is multiplied by.</param>
/// <param name="Alpha">alpha of its time, where the form needs it.</param>
/// <param name="Before">alpha of the step before, where times are numbered.</param>
public readonly record struct NoisedResponse(int[] Ids, int[] Rows, double Weight, double Alpha = 0, double Before = 0);

/// <summary>What a network says of one canvas: its prediction at the rows that were asked for, the mask's logit at -inf.</summary>
public interface IResponseRows
{
    /// <summary>All logits. // (R, V)</summary>
    ReadOnlyMemory<float> Logits { get; }

    /// <summary>A row's logits. // (V)</summary>
    ReadOnlySpan<float> LogitsOf(int row);

    /// <summary>The log of the sum of a row's exp(logits).</summary>
    float LogNormalizerOf(int row);
}

/// <summary>A likelihood, or a bound, that is made of passes over canvases: several responses' draws share a pass.</summary>
public abstract class CanvasLikelihood : LikelihoodForm
{
    /// <summary>Passes an item.</summary>
    public virtual int Draws(LikelihoodOptions options) => options.Draws;

    /// <summary>One draw of noise.</summary>
    /// <param name="x_0">(N) the response.</param>
    /// <param name="item">The item's stream: stream 0 draws the times, j + 1 the tokens of draw j.</param>
    /// <param name="draw">Which, from 0.</param>
    /// <param name="draws">Of how many.</param>
    public abstract NoisedResponse Noise(int[] x_0, CounterRandom item, int draw, int draws);

    /// <summary>The draw's estimate, in nats.</summary>
    public virtual double Nats(int[] x_0, NoisedResponse noised, IResponseRows rows)
    {
        ArgumentNullException.ThrowIfNull(x_0);
        ArgumentNullException.ThrowIfNull(rows);
        double sum = 0;
        for (int r = 0; r < noised.Rows.Length; r++) sum += (double)rows.LogNormalizerOf(r) - rows.LogitsOf(r)[x_0[noised.Rows[r]]];
        return noised.Weight * sum;
    }

    /// <summary>Quantile j of n, shifted by a draw of the item's: stratified over (0, 1).</summary>
    protected static double Quantile(CounterRandom item, int draw, int draws) => NoiseTimes.Antithetic(item.At(0).Uniform(0), draw, draws);
}
