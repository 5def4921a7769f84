using DiffusionBatch.Contracts.Fields;
using DiffusionBatch.Contracts.Manifests;

namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>What fields of one job must agree on, beyond what each says for itself.</summary>
internal sealed class ManifestRules(ManifestText text)
{
    /// <summary>Checks a job; rules about a value that had a problem already are left out.</summary>
    /// <param name="job">The job, with defaults where a value had a problem.</param>
    /// <param name="at">The job's pointer.</param>
    public void Check(WorkManifest job, string at)
    {
        switch (job)
        {
            case FinetuneManifest finetune: Finetune(finetune, at); break;
            case SampleManifest sample: Sampler(sample.Sampler, at + "/sampler"); break;
            case EvaluateManifest evaluate:
                Labels(evaluate, at + "/metrics");
                Findings(evaluate, at);
                break;
        }
    }

    void Finetune(FinetuneManifest job, string at)
    {
        if (text.Good(at + "/model") && job.Model.New is { } model) Contradictions(model.Contradictions(), at + "/model/new");
        Vocabulary(job.Model, at + "/model");
        if (text.Good(at + "/model/new/maxPositions", at + "/data/maxLength") && job is { Model.New: { } made, Data.MaxLength: var longest }
            && longest > made.MaxPositions)
            text.Add(Given(at + "/data/maxLength", at + "/model/new/maxPositions"),
                $"expected a maxLength of at most maxPositions {made.MaxPositions}, found {longest}");
        string objective = at + "/objective";
        if (job.ReadsTexts && text.Good(at + "/length", objective + "/process", at + "/data") && text.Gives(at + "/length/predictor"))
        {
            string reason = job.Objective.ReadsTexts
                ? $"the process \"{job.Objective.Process}\" trains on texts"
                : "packed texts have none";
            text.Add(at + "/length/predictor", "a length predictor learns from prompts and responses; " + reason);
        }
        if (text.Good(objective + "/annealSteps", objective + "/attention")
            && job.Objective is { AnnealSteps: > 0, Attention: AttentionKind.Causal })
            text.Add(objective + "/annealSteps", "there is nothing to go over to: the attention is \"causal\"");
        if (text.Good(at + "/data/packed", objective + "/process") && job is { Data.Packed: false, Objective.ReadsTexts: true })
            text.Add(at + "/data/packed", $"expected true: the process \"{job.Objective.Process}\" trains on packed texts");
        if (text.Good(objective + "/annealSteps", objective + "/process") && job.Objective is { AnnealSteps: > 0, Process: "block" })
            text.Add(objective + "/annealSteps", "there is nothing to go over to: the process \"block\" has an attention of its own");
        Contradictions(job.Data.Contradictions(), at + "/data");
        Contradictions(job.Objective.Contradictions(), objective);
        Contradictions(job.Training.Contradictions(), at + "/training");
    }

    void Vocabulary(TrainingModel model, string at)
    {
        if (!text.Good(at) || model.New is not { } made || !text.Good(at + "/new/vocabularySize", at + "/tokenizer")) return;
        if (made.VocabularySize is null && model.Tokenizer is null)
            text.Add(at, "the field \"new\" needs the field \"tokenizer\" beside it, or \"vocabularySize\" in it for a model of token "
                + "ids alone");
        if (made.VocabularySize is not null && model.Tokenizer is not null)
            text.Add(at + "/new/vocabularySize",
                "the tokenizer says the number of ids: expected either \"vocabularySize\" or \"tokenizer\", found both");
    }

    void Contradictions(IEnumerable<Contradiction> found, string at)
    {
        foreach (var (field, other, message) in found)
            if (text.Good($"{at}/{field}", $"{at}/{other}")) text.Add(Given($"{at}/{field}", $"{at}/{other}"), message);
    }

    void Sampler(Sweep<SamplerSettings> sampler, string at)
    {
        if (text.Good(at) && sampler.Count > SampleManifest.MaxCells)
            text.Add(at, $"expected at most {SampleManifest.MaxCells} combinations of the listed values, found {sampler.Count:0}");
        else if (text.Good(at, at + "/beam", at + "/temperature")
            && sampler.Expand().Any(c => RecordShape.Plain(c.Settings) is { Beam: > 1, Temperature: > 0 }))
            text.Add(Given(at + "/beam", at + "/temperature"),
                "beam search follows the likeliest beginnings and draws nothing: a beam of more than 1 needs the temperature 0");
        else if (text.Good(at, at + "/cache", at + "/guidance")
            && sampler.Expand().Any(c => RecordShape.Plain(c.Settings) is { Guidance: > 0, Cache: CacheKind.Prefix or CacheKind.Dual }))
            text.Add(Given(at + "/cache", at + "/guidance"),
                "guidance masks the prompt in a second pass, whose keys and values are not kept; expected the cache \"none\"");
    }

    void Labels(EvaluateManifest job, string list)
    {
        if (!text.Good(list)) return;
        var labels = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < job.Metrics.Count; i++)
            if (!labels.Add(job.Metrics[i].Label))
                text.Add(ManifestNode.Under(list, i),
                    $"two metrics are labelled \"{job.Metrics[i].Label}\"; give one another label with \"as\"");
    }

    void Findings(EvaluateManifest job, string at)
    {
        if (job.Findings is not { } findings || !text.Good(at + "/findings", at + "/metrics")) return;
        for (int i = 0; i < findings.Count; i++)
        {
            string here = ManifestNode.Under(at + "/findings", i);
            if (job.Metrics.All(metric => metric.Label != findings[i].Metric))
                text.Add(here + "/metric", $"expected the label of one of the job's metrics "
                    + $"({string.Join(", ", job.Metrics.Select(metric => metric.Label))}), found \"{findings[i].Metric}\"");
            if (findings[i].Better.Count != findings[i].Than.Count)
                text.Add(here + "/than",
                    $"expected as many cells as in \"better\", {findings[i].Better.Count}, found {findings[i].Than.Count}");
        }
        if (job.Statistics.Resamples == 0 && text.Good(at + "/statistics"))
            text.Add(Given(at + "/statistics/resamples", at + "/findings"),
                "findings are decided by intervals, which need resamples: expected at least 1, found 0");
    }

    string Given(string first, string otherwise) => text.Gives(first) ? first : otherwise;
}
