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
            case EvaluateManifest evaluate: Labels(evaluate, at + "/metrics"); break;
        }
    }

    void Finetune(FinetuneManifest job, string at)
    {
        if (text.Good(at + "/model") && job.Model.New is { } model) Contradictions(model.Contradictions(), at + "/model/new");
        if (text.Good(at + "/model/new/maxPositions", at + "/data/maxLength") && job is { Model.New: { } made, Data.MaxLength: var longest } && longest > made.MaxPositions)
            text.Add(Given(at + "/data/maxLength", at + "/model/new/maxPositions"), $"expected a maxLength of at most maxPositions {made.MaxPositions}, found {longest}");
        string objective = at + "/objective";
        if (job.Objective.ReadsTexts && text.Good(at + "/length", objective + "/process") && text.Gives(at + "/length/predictor"))
            text.Add(at + "/length/predictor", $"a length predictor learns from prompts and responses; the process \"{job.Objective.Process}\" trains on texts");
        if (text.Good(objective + "/annealSteps", objective + "/attention") && job.Objective is { AnnealSteps: > 0, Attention: AttentionKind.Causal })
            text.Add(objective + "/annealSteps", "there is nothing to go over to: the attention is \"causal\"");
        Contradictions(job.Training.Contradictions(), at + "/training");
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
        else if (text.Good(at, at + "/beam", at + "/temperature") && sampler.Expand().Any(c => RecordShape.Plain(c.Settings) is { Beam: > 1, Temperature: > 0 }))
            text.Add(Given(at + "/beam", at + "/temperature"), "beam search follows the likeliest beginnings and draws nothing: a beam of more than 1 needs the temperature 0");
        else if (text.Good(at, at + "/cache", at + "/guidance") && sampler.Expand().Any(c => RecordShape.Plain(c.Settings) is { Guidance: > 0, Cache: CacheKind.Prefix or CacheKind.Dual }))
            text.Add(Given(at + "/cache", at + "/guidance"), "guidance masks the prompt in a second pass, whose keys and values are not kept; expected the cache \"none\"");
    }

    void Labels(EvaluateManifest job, string list)
    {
        if (!text.Good(list)) return;
        var labels = new HashSet<string>(StringComparer.Ordinal);
        for (int i = 0; i < job.Metrics.Count; i++)
            if (!labels.Add(job.Metrics[i].Label))
                text.Add(ManifestNode.Under(list, i), $"two metrics are labelled \"{job.Metrics[i].Label}\"; give one another label with \"as\"");
    }

    string Given(string first, string otherwise) => text.Gives(first) ? first : otherwise;
}
