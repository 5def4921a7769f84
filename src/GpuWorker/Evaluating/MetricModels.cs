using System.Globalization;
using DiffusionBatch.Contracts.Manifests;
using DiffusionBatch.Diffusion.Checkpoints;
using DiffusionBatch.Diffusion.Data;
using DiffusionBatch.Diffusion.Likelihood;
using DiffusionBatch.Diffusion.Tokenization;
using DiffusionBatch.Evaluation.Metrics;
using DiffusionBatch.GpuWorker.Models;
using DiffusionBatch.Pipeline.Fingerprints;
using DiffusionBatch.Pipeline.Inputs;
using DiffusionBatch.Pipeline.Jobs;
using DiffusionBatch.Pipeline.Problems;
using DiffusionBatch.Pipeline.Results;
using DiffusionBatch.Pipeline.Roots;

namespace DiffusionBatch.GpuWorker.Evaluating;

/// <summary>Asks the models that metrics name what they think of texts: of the references once for all cells, of the predictions cell by cell.</summary>
/// <param name="manifest">The job.</param>
/// <param name="root">The storage root.</param>
/// <param name="models">Where models come from.</param>
/// <param name="references">The job's references: their prompts, and mostly their texts.</param>
internal sealed class MetricModels(EvaluateManifest manifest, string root, ModelCache models, ReferenceFile references)
{
    /// <summary>Items that are scored at a time; what is computed together changes no number.</summary>
    const int Chunk = 1024;

    readonly Dictionary<string, (Dictionary<string, TextLikelihood> Estimates, string Form)> _ofReferences = new(StringComparer.Ordinal); // by label
    readonly List<string> _notes = [];

    /// <summary>What was left out, in sentences without full stops.</summary>
    public IReadOnlyList<string> Notes => _notes;

    /// <summary>What is wrong with the models, and with references that they or other metrics can't read.</summary>
    public static IEnumerable<Problem> Problems(EvaluateManifest manifest, string root, IReadOnlySet<string> pending, ReferenceFile references)
    {
        var first = references.All().FirstOrDefault();
        bool tokens = first is { Targets.Count: 0 };
        for (int i = 0; i < manifest.Metrics.Count; i++)
        {
            var spec = manifest.Metrics[i];
            string pointer = string.Create(CultureInfo.InvariantCulture, $"/metrics/{i}");
            if (spec.Model is not { } name)
            {
                if (tokens && spec.Name != "cost")
                    yield return new Problem(manifest.References, null, first!.Line, null, $"the metric \"{spec.Label}\" needs texts, and the line has token ids alone; expected \"target\"");
                continue;
            }
            if (Fingerprint.IsPending(name, pending)) continue;
            string folder = Path.Combine(root, name);
            var found = ModelProblems.Check(folder, name);
            foreach (var problem in found) yield return problem;
            if (found.Count == 0 && LikelihoodScorer.Refusal(DiffusionSettings.Read(folder, [])) is { } refusal) yield return new Problem("", $"{pointer}/model", null, null, refusal);
            if (found.Count == 0 && !tokens && TokenizerFolder.Open(folder) is null)
                yield return new Problem("", $"{pointer}/model", null, null, $"{TokenizerNames.Missing(name)}, and the references are texts; expected \"promptIds\" and \"targetIds\"");
        }
    }

    /// <summary>Gives a metric its model's opinion of a cell.</summary>
    /// <exception cref="ProblemsException">The model or a text can't be used.</exception>
    public void Ask(IModelMetric metric, PredictionCell cell, IProgress<TaskProgress>? progress, CancellationToken cancellationToken)
    {
        bool predictions = metric.Spec.Texts == LikelihoodTexts.Predictions;
        if (!predictions && _ofReferences.TryGetValue(metric.Name, out var known))
        {
            metric.Give(known.Estimates, known.Form);
            return;
        }
        string name = metric.Spec.Model!;
        var checkpoint = models.Get(Path.Combine(root, name), name, note => progress?.Report(new TaskProgress("", -1, 0, "", Note: note)));
        if (LikelihoodScorer.Refusal(checkpoint.Settings) is { } refusal) throw new ProblemsException(Problem.OfFile(name, refusal)); // made since the check
        var scorer = LikelihoodScorer.For(checkpoint, new LikelihoodOptions
        {
            Seed = manifest.Seed,
            Draws = metric.Spec.Draws ?? new LikelihoodOptions().Draws,
            Estimator = metric.Spec.Estimator == MaskEstimator.Bernoulli ? LikelihoodEstimator.Bernoulli : LikelihoodEstimator.ExactK,
        });
        var estimates = new Dictionary<string, TextLikelihood>(StringComparer.Ordinal);
        var texts = new ScoredTexts(checkpoint, name, manifest.References);
        int tooLong = 0, done = 0;
        foreach (var chunk in (predictions ? Predictions(texts, cell) : references.All().Select(texts.Reference)).Chunk(Chunk))
        {
            var items = chunk.OfType<LikelihoodItem>().Where(scorer.Fits).ToList();
            tooLong += chunk.Count(i => i is not null) - items.Count;
            foreach (var estimate in scorer.Score(items, cancellationToken)) estimates.TryAdd(estimate.Id, new TextLikelihood(estimate.Nats, estimate.Tokens));
            progress?.Report(new TaskProgress($"likelihood under {name}", done += chunk.Length, references.Count, "items"));
        }
        if (tooLong > 0) _notes.Add(string.Create(CultureInfo.InvariantCulture, $"{(predictions ? $"{cell.Name}: " : "")}{metric.Name} leaves out {tooLong} item{(tooLong == 1 ? "" : "s")} beyond the positions of {name}"));
        if (!predictions) _ofReferences[metric.Name] = (estimates, scorer.Name);
        metric.Give(estimates, scorer.Name);
    }

    IEnumerable<LikelihoodItem?> Predictions(ScoredTexts texts, PredictionCell cell)
    {
        foreach (var prediction in PredictionReader.Read(cell))
            if (references.Find(prediction.Id) is { } reference) yield return texts.Prediction(prediction, reference);
    }

    /// <summary>Lines as the tokens of one model.</summary>
    sealed class ScoredTexts(Checkpoint checkpoint, string model, string file)
    {
        readonly PromptTemplate _template = checkpoint.Settings is { } settings ? new PromptTemplate(settings.Prompt, settings.Target) : PromptTemplate.Plain;

        public LikelihoodItem Reference(InputItem line) => Item(line, line.TargetIds ?? Encode(_template.RenderTarget(line.Targets[0]), line));

        // A judge with a tokenizer reads the text, whoever's tokens it is of.
        public LikelihoodItem? Prediction(Prediction prediction, InputItem line) =>
            checkpoint.Tokenizer is not null && prediction.Text is { } text ? Item(line, Encode(_template.RenderTarget(text), line))
            : prediction.Ids is { } ids ? Item(line, ids) : null;

        LikelihoodItem Item(InputItem line, int[] ids)
        {
            int bos = checkpoint.Specials.Bos >= 0 ? checkpoint.Specials.Bos : checkpoint.Specials.Eos;
            int[] prompt = line.PromptIds ?? [.. bos >= 0 ? (int[])[bos] : [], .. line.Source is { } source ? Encode(_template.RenderPrompt(source), line) : []];
            int over = Array.FindIndex((int[])[.. prompt, .. ids], id => id >= checkpoint.Model.VocabularySize);
            return over < 0 ? new LikelihoodItem(line.Id, prompt, ids)
                : throw new ProblemsException(new Problem(file, null, line.Line, null, $"item \"{line.Id}\" has a token id that {model} doesn't have; expected ids below {checkpoint.Model.VocabularySize}"));
        }

        int[] Encode(string text, InputItem line) => checkpoint.Tokenizer?.Encode(text)
            ?? throw new ProblemsException(new Problem(file, null, line.Line, null, TokenizerNames.Missing(model)));
    }
}
