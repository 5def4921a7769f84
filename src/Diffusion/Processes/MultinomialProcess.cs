using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Contracts.Strategies;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes.Likelihoods;
using DiffusionBatch.Diffusion.Randomness;
using static TorchSharp.torch;

namespace DiffusionBatch.Diffusion.Processes;

/// <summary>
/// Multinomial diffusion (Hoogeboom et al. 2021) with RDM's reparameterized loss (Zheng et al. 2023, arXiv 2302.05737, equation 11): noised
/// tokens become draws of q_noise, and the cross entropy of those that aren't the clean ones is weighted as the absorbing process's. With
/// the weighting
/// <c>bound</c> the loss is the likelihood bound instead, over all positions that can be noised (<see cref="MultinomialBound"/>).
/// Tokens that aren't noise, such as a text's closing <c>&lt;/s&gt;</c>, are never noised.
/// </summary>
[Strategy(Name, "replaces the target's tokens by other tokens, more and more with the noise level",
    Settings = [nameof(ObjectiveSettings.Timesteps),
    nameof(ObjectiveSettings.Weighting), nameof(ObjectiveSettings.Coupled), nameof(ObjectiveSettings.Time),
    "schedule=linear|improvedCosine|improvedCosineRoot|sqrt",
    nameof(ObjectiveSettings.Times), nameof(ObjectiveSettings.Normalizer), nameof(ObjectiveSettings.Noise)])]
public sealed class MultinomialProcess : ITrainingProcess, ILikelihoodProcess
{
    /// <summary>Its name in manifests.</summary>
    public const string Name = "multinomial";

    const long Times = 0, First = 1, Second = 2;
    readonly ObjectiveSettings _settings;
    readonly int _newline;
    readonly double[] _alphas;

    /// <summary>The process with its noise.</summary>
    /// <param name="settings">Times, weighting and attention.</param>
    /// <param name="noise">q_noise.</param>
    /// <param name="newline">The token that ends a block, for blockwise attention; -1 when there is none.</param>
    public MultinomialProcess(ObjectiveSettings settings, MultinomialNoise noise, int newline = -1)
    {
        (_settings, Noise, _newline) = (settings, noise, newline);
        _alphas = AlphaSchedules.Discrete(noise.Schedule, settings.Timesteps);
    }

    /// <summary>The process as a finetune makes it.</summary>
    internal MultinomialProcess(ProcessContext context)
        : this(context.Settings, NoiseSettings.Of(context).Noise(context.VocabularySize), context.Newline)
    {
    }

    /// <inheritdoc/>
    public static LikelihoodRule Likelihood { get; } = new((model, options) => options.Timesteps > 0
        ? new NumberedMultinomial(model.Noise!, options.Timesteps) : new MultinomialLikelihood(model.Noise!), HasNumberedSteps: true);

    /// <summary>q_noise and alpha.</summary>
    public MultinomialNoise Noise { get; }

    bool Shift => _settings.Shift ?? false;

    bool IsContinuous => _settings.Time == TimeKind.Continuous || IsBound;

    bool IsBound => _settings.Weighting == LossWeighting.Bound;

    /// <inheritdoc/>
    NoisedBatch ITrainingProcess.Noise(PairBatch batch, EncodedPairs pairs, long seed, long epoch)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(pairs);
        int copies = _settings.Coupled ? 2 : 1, rows = batch.Rows, n = batch.Columns;
        double[] weights = new double[copies * rows], alpha = new double[copies * rows];
        long[] inputs = [.. batch.Ids, .. copies == 2 ? batch.Ids : []];
        for (int b = 0; b < rows; b++)
        {
            var sample = CounterRandom.For(seed, pairs.Id(batch.Indices[b])).At(epoch);
            DrawTimes(sample.At(Times), copies, b, rows, weights, alpha);
            // Shifted, nothing stands before a first token that could tell it.
            for (int i = Shift ? Math.Max(1, batch.PromptLengths[b]) : batch.PromptLengths[b]; i < batch.Lengths[b]; i++)
            {
                int x_0 = (int)batch.Ids[(b * n) + i];
                if (!Noise.Includes(x_0)) continue;
                int x_t = Noise.DrawNoised(x_0, alpha[b], sample.At(First).At(i));
                inputs[(b * n) + i] = x_t;
                if (copies == 1) continue;
                // A fresh draw where the times are equal, otherwise one given the first.
                var draws = sample.At(Second).At(i);
                inputs[((rows + b) * n) + i] = alpha[b] == alpha[rows + b]
                    ? Noise.DrawNoised(x_0, alpha[b], draws)
                    : Noise.DrawPosterior(x_t, x_0, alpha[b], alpha[rows + b], draws);
            }
        }
        return Apply(batch, weights, alpha, inputs);
    }

    void DrawTimes(CounterRandom draws, int copies, int row, int rows, double[] weights, double[] alpha)
    {
        if (IsContinuous)
        {
            var times = NoiseTimes.Draw(draws, copies, _settings.Times ?? TimeDraws.Independent, Noise.Schedule);
            for (int copy = 0; copy < copies; copy++)
            {
                var (t, correction) = times[copy];
                int at = (copy * rows) + row;
                alpha[at] = Noise.Alpha(t);
                weights[at] = correction
                    * (IsBound ? BoundFactor(t) : _settings.Weighting == LossWeighting.Reciprocal
                        ? 1 / t
                        : LossWeights.Of(_settings.Weighting, Noise.Schedule, t));
            }
            return;
        }
        int first = 1 + draws.Integer(0, _settings.Timesteps), second = 1 + draws.Integer(1, _settings.Timesteps);
        for (int copy = 0; copy < copies; copy++)
        {
            int t = copies == 1 ? first : copy == 0 ? Math.Max(first, second) : Math.Min(first, second), at = (copy * rows) + row;
            (weights[at], alpha[at]) = (LossWeights.Of(_settings.Weighting, _settings.Timesteps, t), _alphas[t]);
        }
    }

    // -alpha' / alpha, which the density at alpha = 0 makes up for.
    double BoundFactor(double t) => -AlphaSchedules.Slope(Noise.Schedule, t) / Math.Max(Noise.Alpha(t), 1e-6);

    /// <summary>Gathers what the loss needs of noised copies.</summary>
    /// <param name="batch">x_0.</param>
    /// <param name="weights">w(t) of each copy of each row: the first copies, then the second. // (C * B)</param>
    /// <param name="alpha">alpha of each, which the bound needs. // (C * B)</param>
    /// <param name="inputs">x_t of each copy. // (C * B * N)</param>
    public NoisedBatch Apply(PairBatch batch, ReadOnlySpan<double> weights, ReadOnlySpan<double> alpha, long[] inputs)
    {
        ArgumentNullException.ThrowIfNull(batch);
        ArgumentNullException.ThrowIfNull(inputs);
        bool[] predicted = new bool[inputs.Length];
        for (int i = 0; i < inputs.Length; i++)
        {
            int b = i / batch.Columns % batch.Rows, at = i % batch.Columns;
            long x_0 = batch.Ids[i % batch.Ids.Length];
            predicted[i] = at >= batch.PromptLengths[b] && at < batch.Lengths[b] && !(Shift && at == 0)
                && (IsBound ? Noise.Includes(x_0) : inputs[i] != x_0);
        }
        var noised = NoisedBatch.Of(batch, inputs, predicted, weights, IsContinuous ? 1 : _settings.Timesteps, _settings.Normalizer
            ?? LossNormalizer.Sequence, Shift);
        if (!IsBound) return noised;
        float[] each = new float[noised.Masked.Length];
        for (int r = 0; r < each.Length; r++) each[r] = (float)alpha[(int)(noised.Masked[r] / noised.Columns)];
        return noised with { Alphas = each };
    }

    /// <inheritdoc/>
    public Tensor? Loss(LanguageModel model, NoisedBatch batch, double labelSmoothing)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(batch);
        if (batch.Masked.Length == 0) return null;
        using var scope = NewDisposeScope();
        var logits = DenoisingLoss.Logits(model, batch, _settings.Attention ?? AttentionKind.Full, _newline);
        if (!IsBound) return DenoisingLoss.CrossEntropy(logits, batch, labelSmoothing).MoveToOuterDisposeScope();
        var device = model.Device;
        var x_t = tensor(Array.ConvertAll(batch.Masked, i => batch.InputIds[i]), device: device);
        var density = MultinomialBound.Density(logits, tensor(batch.Targets, device: device), x_t, tensor(batch.Alphas, device: device),
            tensor(Array.ConvertAll(Noise.Probabilities, p => (float)p), device: device));
        return (density * tensor(batch.Weights, device: device)).sum().MoveToOuterDisposeScope();
    }
}
