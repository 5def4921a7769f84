using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Features;
using DiffusionBatch.Diffusion.Likelihood;
using DiffusionBatch.Diffusion.Processes.Likelihoods;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.GpuWorker.Sampling;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>
/// Asks the models that metrics name what they think of texts: of the references once for all cells, of the predictions cell by cell.
/// </summary>
/// <param name="manifest">The job.</param>
/// <param name="root">The storage root.</param>
/// <param name="models">Where models come from.</param>
/// <param name="references">The job's references: their prompts, and mostly their texts.</param>
internal sealed class MetricModels(EvaluateManifest manifest, string root, ModelCache models, ReferenceFile references)
{
    /// <summary>Items that are scored at a time; what is computed together changes no number.</summary>
    const int Chunk = 1024;

    // By label, what was asked of the references.
    readonly Dictionary<string, (Dictionary<string, IReadOnlyList<TextLikelihood>> Estimates, string Form)> _ofReferences =
        new(StringComparer.Ordinal);
    readonly Dictionary<string, FeatureMatrix> _features = new(StringComparer.Ordinal); // by label, of the references
    readonly List<string> _notes = [];

    /// <summary>What was left out, in sentences without full stops.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>Gives a metric its model's opinion of a cell; one without a model is given nothing.</summary>
    /// <exception cref="ProblemsException">The model or a text can't be used.</exception>
    public void Ask(IModelMetric metric, PredictionCell cell, IProgress<TaskProgress>? progress, CancellationToken cancellationToken)
    {
        if (metric.Spec.Model is null) return;
        switch (metric)
        {
            case ILikelihoodMetric likelihood:
                bool predictions = likelihood.Texts == LikelihoodTexts.Predictions;
                var (estimates, form) = Likelihoods(metric, predictions ? cell : null,
                    texts => predictions ? Predictions(texts, cell) : references.All().Select(r => One(texts.Reference(r))));
                likelihood.Give(estimates.ToDictionary(e => e.Key, e => e.Value[0], StringComparer.Ordinal), form);
                break;
            case IChoiceMetric choice:
                (estimates, form) = Likelihoods(metric, null, texts => references.All().Select(r => texts.Choices(r).ToArray()));
                choice.Give(estimates, form);
                break;
            case IFeatureMetric features:
                string name = metric.Spec.Model;
                var checkpoint = Open(name, progress);
                if (FeatureExtractor.Refusal(checkpoint.Model.Config) is { } refusal)
                    throw new ProblemsException(Problem.OfFile(name, refusal)); // made since the check
                var extractor = new FeatureExtractor(checkpoint);
                var texts = new JudgedTexts(checkpoint, metric.Spec, manifest.References);
                if (!_features.TryGetValue(metric.Name, out var known))
                    _features[metric.Name] = known =
                        Vectors(extractor, references.All().Select(texts.Tokens), $"{metric.Name}: references", cancellationToken);
                features.Give(Vectors(extractor, PredictionReader.Read(cell).Where(p => references.Find(p.Id) is not null)
                    .Select(texts.Tokens), $"{cell.Name}: {metric.Name}", cancellationToken), known, extractor.Name);
                break;
        }

        static LikelihoodItem[] One(LikelihoodItem? item) => item is null ? [] : [item];

        IEnumerable<LikelihoodItem[]> Predictions(JudgedTexts texts, PredictionCell cell)
        {
            foreach (var prediction in PredictionReader.Read(cell))
                if (references.Find(prediction.Id) is { } reference) yield return One(texts.Prediction(prediction, reference));
        }

        (Dictionary<string, IReadOnlyList<TextLikelihood>> Estimates, string Form) Likelihoods(IModelMetric metric, PredictionCell? of,
            Func<JudgedTexts, IEnumerable<LikelihoodItem[]>> questions)
        {
            if (of is null && _ofReferences.TryGetValue(metric.Name, out var known)) return known;
            var asked = Likelihood(metric, of, questions, progress, cancellationToken);
            return of is null ? _ofReferences[metric.Name] = asked : asked;
        }
    }

    /// <summary>
    /// The likelihoods of texts that belong together, of one id each; of texts some of which are beyond the model's positions none are
    /// given.
    /// </summary>
    (Dictionary<string, IReadOnlyList<TextLikelihood>> Estimates, string Form) Likelihood(
        IModelMetric metric, PredictionCell? of, Func<JudgedTexts, IEnumerable<LikelihoodItem[]>> questions,
        IProgress<TaskProgress>? progress, CancellationToken cancellationToken)
    {
        string name = metric.Spec.Model!;
        var checkpoint = Open(name, progress);
        if (LikelihoodScorer.Refusal(checkpoint.Settings, metric.Spec.Timesteps is not null) is { } refusal)
            throw new ProblemsException(Problem.OfFile(name, refusal)); // made since the check
        var scorer = LikelihoodScorer.For(checkpoint, new LikelihoodOptions
        {
            Seed = manifest.Seed,
            Timesteps = metric.Spec.Timesteps ?? 0,
            Draws = metric.Spec.Draws ?? new LikelihoodOptions().Draws,
            Estimator = metric.Spec.Estimator == MaskEstimator.Bernoulli ? LikelihoodEstimator.Bernoulli : LikelihoodEstimator.ExactK,
        });
        var estimates = new Dictionary<string, IReadOnlyList<TextLikelihood>>(StringComparer.Ordinal);
        int tooLong = 0, done = 0;
        var shots = metric.Spec.Shots is { } drawn ? ShotsFile.Read(drawn, root, manifest.Seed) : null;
        foreach (var chunk in questions(new JudgedTexts(checkpoint, metric.Spec, manifest.References, shots)).Chunk(Chunk))
        {
            LikelihoodItem[][] asked = [.. chunk.Where(q => q.Length > 0 && q.All(scorer.Fits))];
            tooLong += chunk.Count(q => q.Length > 0) - asked.Length;
            var scored = new Queue<LikelihoodEstimate>(scorer.Score([.. asked.SelectMany(q => q)], cancellationToken));
            foreach (var question in asked)
                estimates.TryAdd(question[0].Id,
                    [.. question.Select(_ => scored.Dequeue()).Select(e => new TextLikelihood(e.Nats, e.Tokens))]);
            progress?.Report(new TaskProgress($"likelihood under {name}", done += chunk.Length, references.Count, "items"));
        }
        if (tooLong > 0)
            _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{(of is null ? "" : $"{of.Name}: ")}{metric.Name} leaves "
                + $"out {tooLong} item{(tooLong == 1 ? "" : "s")} beyond the positions of {name}"));
        return (estimates, scorer.Name);
    }

    /// <summary>The vectors of texts, in their order; what has no token is left out.</summary>
    FeatureMatrix Vectors(FeatureExtractor extractor, IEnumerable<int[]> texts, string whose, CancellationToken cancellationToken)
    {
        var values = new List<double>();
        int rows = 0, empty = 0, cut = 0;
        foreach (int[][] chunk in texts.Chunk(Chunk))
        {
            int[][] some = [.. chunk.Where(t => t.Length > 0)];
            (empty, cut, rows) =
                (empty + chunk.Length - some.Length, cut + some.Count(t => t.Length > extractor.MostTokens), rows + some.Length);
            foreach (float[] vector in extractor.Of(some, cancellationToken)) values.AddRange(vector.Select(v => (double)v));
        }
        if (empty > 0)
            _notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"{whose} leaves out {empty} text{(empty == 1 ? "" : "s")} without a token"));
        if (cut > 0)
            _notes.Add(string.Create(CultureInfo.InvariantCulture,
                $"{whose} takes the first {extractor.MostTokens} tokens of {cut} longer text{(cut == 1 ? "" : "s")}"));
        return new FeatureMatrix(rows, extractor.Width, [.. values]);
    }

    Checkpoint Open(string name, IProgress<TaskProgress>? progress) =>
        models.Get(Path.Combine(root, name), name, note => progress?.Report(new TaskProgress("", -1, 0, "", Note: note)));
}
