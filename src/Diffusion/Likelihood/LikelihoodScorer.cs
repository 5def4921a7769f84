using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Likelihood;

/// <summary>
/// Likelihoods of given responses under a model: the bound of the absorbing process, that of multinomial noise, or, of a model that was
/// trained from left to right, the likelihood itself. An item's estimate is a function of (seed, item, model) alone, whatever is computed
/// beside it.
/// </summary>
public sealed class LikelihoodScorer
{
    readonly IDenoiser _denoiser;
    readonly LikelihoodForm _form;
    readonly SequenceBound? _whole;
    readonly CanvasKind _kind;
    readonly LikelihoodOptions _options;

    /// <param name="denoiser">The network.</param>
    /// <param name="form">How the likelihood is made of its passes.</param>
    /// <param name="closes">Whether <c>&lt;/s&gt;</c> stands behind a response.</param>
    /// <param name="options">Seed and draws.</param>
    /// <param name="whole">What takes whole sequences in place of that form, or null.</param>
    internal LikelihoodScorer(IDenoiser denoiser, LikelihoodForm form, bool closes, LikelihoodOptions options, SequenceBound? whole = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchTokens, 1);
        (_denoiser, _form, _options, _whole) = (denoiser, form, options, whole);
        _kind = new CanvasKind(closes, options.Guidance);
    }

    /// <summary>
    /// A scorer with a checkpoint's model, in the form that its process has. A GPT-2 or LLaMA folder that wasn't adapted reads from left to
    /// right.
    /// </summary>
    public static LikelihoodScorer For(Checkpoint checkpoint, LikelihoodOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var settings = checkpoint.Settings;
        bool leftToRight = checkpoint.IsLeftToRight;
        var attention = settings?.Attention ?? (leftToRight ? AttentionKind.Causal : AttentionKind.Full);
        var denoiser = new TorchDenoiser(checkpoint.Model, null, checkpoint.Specials, attention, settings?.Shift ?? leftToRight,
            settings?.Newline ?? -1, TimeProvider.System, settings?.BlockLength ?? 0);
        bool closes = !leftToRight && checkpoint.Closing == CanvasClosing.Eos;
        return new LikelihoodScorer(denoiser, Form(checkpoint, options), closes, options,
            Whole(checkpoint, attention, closes ? [checkpoint.Specials.Eos] : []));
    }

    static LikelihoodForm Form(Checkpoint checkpoint, LikelihoodOptions options)
    {
        if (checkpoint.IsLeftToRight) return new LeftToRightLikelihood();
        int mask = checkpoint.Specials.Mask, timesteps = options.Timesteps;
        if (checkpoint.Settings?.MultinomialNoise(checkpoint.Model.VocabularySize) is { } noise)
            return timesteps > 0 ? new NumberedMultinomial(noise, timesteps) : new MultinomialLikelihood(noise);
        return timesteps > 0 ? new NumberedAbsorbing(mask, timesteps) : new AbsorbingLikelihood(mask, options.Estimator);
    }

    /// <summary>Why a model's process has no likelihood, nor a bound of it; null where it has one.</summary>
    /// <param name="settings">The model's diffusion.json, or null.</param>
    /// <param name="numbered">Whether the bound of numbered steps is wanted.</param>
    public static string? Refusal(DiffusionSettings? settings, bool numbered = false) => settings?.Process == "sundae"
        ? "the process \"sundae\" has neither a likelihood nor a bound of it; expected a model of another process"
        : numbered && settings?.Process is not (null or "absorbing" or "mlm" or MultinomialProcess.Name)
        ? $"the process \"{settings.Process}\" has no bound of numbered steps; expected a model of \"absorbing\" or \"multinomial\", or "
            + $"no \"timesteps\"" : null;

    // Scores, and blocks that see clean ones before them, come of passes of their own form.
    static SequenceBound? Whole(Checkpoint checkpoint, AttentionKind attention, int[] closing) => checkpoint switch
    {
        { Model: Sedd scores } => new ScoreBound(scores, attention, checkpoint.Settings?.Newline ?? -1, closing),
        { Settings: { Process: "block", BlockLength: { } length } settings } => new BlockBound(
            checkpoint.Model, new BlockProcess(new ObjectiveSettings { BlockLength = length, Shift = settings.Shift },
                checkpoint.Specials.Mask), checkpoint.Specials.Pad, closing),
        _ => null,
    };

    /// <summary>What the numbers are, for a report: the bound of which process by which estimator, or exact.</summary>
    public string Name => _whole?.Name(_options) ?? _form.Name(_options);

    /// <summary>How many tokens of a canvas the model can hold beside a response's own.</summary>
    public bool Fits(LikelihoodItem item) => item.PromptIds.Length + item.Ids.Length + _kind.Closing <= _denoiser.UsablePositions;

    /// <summary>The estimates, in the items' order.</summary>
    /// <exception cref="ArgumentException">An item doesn't fit the model.</exception>
    public IReadOnlyList<LikelihoodEstimate> Score(IReadOnlyList<LikelihoodItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        if (_whole is not null) return [.. items.Select(item => Alone(item, cancellationToken))];
        var values = new double[items.Count][];
        var waiting = new Dictionary<(CanvasShape, bool), List<ScoredCanvas>>();
        for (int i = 0; i < items.Count; i++)
        {
            var item = items[i];
            if (!Fits(item))
                throw new ArgumentException($"\"{item.Id}\" has {item.PromptIds.Length + item.Ids.Length + _kind.Closing} tokens; the "
                    + $"model holds {_denoiser.UsablePositions}.", nameof(items));
            if (item.Ids.Length == 0)
            {
                values[i] = [0];
                continue;
            }
            var draws = CounterRandom.For(_options.Seed, item.Id);
            values[i] = new double[_form.Draws(_options)];
            int prompt = item.PromptIds.Length, end = prompt + item.Ids.Length + _kind.Closing;
            var behind = _kind.BehindPrompt(_denoiser, prompt, end);
            var shape = _denoiser.ShapeOf(prompt, end, behind);
            var key = (shape, behind is null);
            if (!waiting.TryGetValue(key, out var batch)) waiting[key] = batch = [];
            for (int draw = 0; draw < values[i].Length; draw++)
            {
                batch.Add(new ScoredCanvas(i, draw, behind, _form.Noise(item.Ids, draws, draw, values[i].Length)));
                if ((batch.Count + 1L) * _kind.Passes * shape.Columns > _options.BatchTokens) Run(batch);
            }
        }
        foreach (var batch in waiting.Values) Run(batch);
        return [.. items.Select((item, i) => Estimate(item, values[i]))];

        void Run(List<ScoredCanvas> batch)
        {
            cancellationToken.ThrowIfCancellationRequested();
            batch.RemoveAll(c => c.Noised.Rows.Length == 0); // nothing is noised: 0
            if (batch.Count > 0)
                _denoiser.Predict(
                    batch.ConvertAll(c => new CanvasRequest(items[c.Item].PromptIds, c.Noised.Ids, c.Noised.Rows, _kind, WantsLogits: true)
                    {
                        Current = c.Behind,
                    }),
                    (at, rows) => values[batch[at].Item][batch[at].Draw] = _form.Nats(items[batch[at].Item].Ids, batch[at].Noised, rows));
            batch.Clear();
        }
    }

    LikelihoodEstimate Alone(LikelihoodItem item, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Fits(item))
            throw new ArgumentException($"\"{item.Id}\" is longer than the {_denoiser.UsablePositions} tokens that the model holds.",
                nameof(item));
        return Estimate(item, _whole!.Draws(item, _options), _whole.Closing);
    }

    static LikelihoodEstimate Estimate(LikelihoodItem item, double[] values, int closing = 0)
    {
        double mean = values.Average(), squares = values.Sum(v => (v - mean) * (v - mean));
        return new LikelihoodEstimate(item.Id, mean, item.Ids.Length + closing,
            values.Length < 2 ? 0 : squares / (values.Length - 1) / values.Length);
    }

    readonly record struct ScoredCanvas(int Item, int Draw, (int From, int To)? Behind, NoisedResponse Noised);
}
