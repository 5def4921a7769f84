using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Models;
using DiffusionBatch.Diffusion.Processes;
using DiffusionBatch.Diffusion.Processes.Likelihoods;
using DiffusionBatch.Diffusion.Randomness;
using DiffusionBatch.Diffusion.Sampling.Passes;

namespace DiffusionBatch.Diffusion.Likelihood;

/// <summary>
/// Likelihoods of given responses under a model, in the form that its process has (<see cref="ILikelihoodProcess"/>). An item's estimate is
/// a function of (seed, item, model) alone, whatever is computed beside it.
/// </summary>
public sealed class LikelihoodScorer
{
    readonly IDenoiser _denoiser;
    readonly LikelihoodForm _form;
    readonly CanvasKind _kind;
    readonly LikelihoodOptions _options;

    /// <param name="denoiser">The network.</param>
    /// <param name="form">How the likelihood is made of its passes.</param>
    /// <param name="closes">Whether <c>&lt;/s&gt;</c> stands behind a response.</param>
    /// <param name="options">Seed and draws.</param>
    internal LikelihoodScorer(IDenoiser denoiser, LikelihoodForm form, bool closes, LikelihoodOptions options)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.Draws, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(options.BatchTokens, 1);
        (_denoiser, _form, _options) = (denoiser, form, options);
        _kind = new CanvasKind(closes, options.Guidance);
    }

    /// <summary>
    /// A scorer with a checkpoint's model. A GPT-2 or LLaMA folder that wasn't adapted reads from left to right.
    /// </summary>
    /// <exception cref="ArgumentException">Its process gives no likelihood: <see cref="Refusal"/>.</exception>
    public static LikelihoodScorer For(Checkpoint checkpoint, LikelihoodOptions options)
    {
        ArgumentNullException.ThrowIfNull(checkpoint);
        var (settings, leftToRight) = (checkpoint.Settings, checkpoint.IsLeftToRight);
        bool closes = !leftToRight && checkpoint.Closing == CanvasClosing.Eos;
        var model = new ProcessModel(checkpoint.Model, checkpoint.Specials,
            settings?.Attention ?? (leftToRight ? AttentionKind.Causal : AttentionKind.Full), closes ? [checkpoint.Specials.Eos] : [])
        {
            Shift = settings?.Shift ?? leftToRight,
            Newline = settings?.Newline ?? -1,
            BlockLength = settings?.BlockLength,
            Noise = settings?.MultinomialNoise(checkpoint.Model.VocabularySize),
        };
        var rule = LikelihoodRule.Find(checkpoint.Process) ?? throw new ArgumentException(Refusal(settings), nameof(checkpoint));
        var denoiser = new TorchDenoiser(model.Model, null, model.Specials, model.Attention, model.Shift, model.Newline,
            TimeProvider.System, model.BlockLength ?? 0);
        return new LikelihoodScorer(denoiser, rule.Of(model, options), closes, options);
    }

    /// <summary>Why a model's process has no likelihood, nor a bound of it; null where it has one.</summary>
    /// <param name="settings">The model's diffusion.json, or null.</param>
    /// <param name="numbered">Whether the bound of numbered steps is wanted.</param>
    public static string? Refusal(DiffusionSettings? settings, bool numbered = false)
    {
        if (settings is null) return null;
        if (LikelihoodRule.Find(settings.Process) is not { } rule)
            return $"the process \"{settings.Process}\" has neither a likelihood nor a bound of it; expected a model of another process";
        if (!numbered || rule.HasNumberedSteps) return null;
        var others = TrainingProcesses.All.Cards.Where(c => LikelihoodRule.Find(c.Name)?.HasNumberedSteps == true);
        return $"the process \"{settings.Process}\" has no bound of numbered steps; expected a model of "
            + $"{string.Join(" or ", others.Select(c => $"\"{c.Name}\""))}, or no \"timesteps\"";
    }

    /// <summary>What the numbers are, for a report: the bound of which process by which estimator, or exact.</summary>
    public string Name => _form.Name(_options);

    /// <summary>How many tokens of a canvas the model can hold beside a response's own.</summary>
    public bool Fits(LikelihoodItem item) => item.PromptIds.Length + item.Ids.Length + _kind.Closing <= _denoiser.UsablePositions;

    /// <summary>The estimates, in the items' order.</summary>
    /// <exception cref="ArgumentException">An item doesn't fit the model.</exception>
    public IReadOnlyList<LikelihoodEstimate> Score(IReadOnlyList<LikelihoodItem> items, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(items);
        return _form switch
        {
            SequenceBound whole => [.. items.Select(item => Alone(item, whole, cancellationToken))],
            CanvasLikelihood form => Together(items, form, cancellationToken),
            _ => throw new NotSupportedException($"{_form.GetType()} is no form that passes are made of."),
        };
    }

    List<LikelihoodEstimate> Together(IReadOnlyList<LikelihoodItem> items, CanvasLikelihood form, CancellationToken cancellationToken)
    {
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
            values[i] = new double[form.Draws(_options)];
            int prompt = item.PromptIds.Length, end = prompt + item.Ids.Length + _kind.Closing;
            var behind = _kind.BehindPrompt(_denoiser, prompt, end);
            var shape = _denoiser.ShapeOf(prompt, end, behind);
            var key = (shape, behind is null);
            if (!waiting.TryGetValue(key, out var batch)) waiting[key] = batch = [];
            for (int draw = 0; draw < values[i].Length; draw++)
            {
                batch.Add(new ScoredCanvas(i, draw, behind, form.Noise(item.Ids, draws, draw, values[i].Length)));
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
                    (at, rows) => values[batch[at].Item][batch[at].Draw] = form.Nats(items[batch[at].Item].Ids, batch[at].Noised, rows));
            batch.Clear();
        }
    }

    LikelihoodEstimate Alone(LikelihoodItem item, SequenceBound whole, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (!Fits(item))
            throw new ArgumentException($"\"{item.Id}\" is longer than the {_denoiser.UsablePositions} tokens that the model holds.",
                nameof(item));
        return Estimate(item, whole.Draws(item, _options), whole.Closing);
    }

    static LikelihoodEstimate Estimate(LikelihoodItem item, double[] values, int closing = 0)
    {
        double mean = values.Average(), squares = values.Sum(v => (v - mean) * (v - mean));
        return new LikelihoodEstimate(item.Id, mean, item.Ids.Length + closing,
            values.Length < 2 ? 0 : squares / (values.Length - 1) / values.Length);
    }

    readonly record struct ScoredCanvas(int Item, int Draw, (int From, int To)? Behind, NoisedResponse Noised);
}
