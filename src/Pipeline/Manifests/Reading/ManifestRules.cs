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
            case EvaluateManifest evaluate: new MetricRules(text).Check(evaluate, at); break;
        }
    }

    static readonly string[] s_mlm = ["ratio", "wholeWord"];

    void Finetune(FinetuneManifest job, string at)
    {
        if (text.Good(at + "/model") && job.Model.New is { } model && model.HiddenSize % model.Heads != 0)
            text.Add(Given($"{at}/model/new/heads", $"{at}/model/new/hiddenSize"), $"expected a number of heads that divides hiddenSize {model.HiddenSize}, found {model.Heads}");
        if (text.Good(at + "/model/new/maxPositions", at + "/data/maxLength") && job is { Model.New: { } made, Data.MaxLength: var longest } && longest > made.MaxPositions)
            text.Add(Given(at + "/data/maxLength", at + "/model/new/maxPositions"), $"expected a maxLength of at most maxPositions {made.MaxPositions}, found {longest}");
        string objective = at + "/objective";
        bool mlm = job.Objective.Process == NoiseProcess.Mlm;
        foreach (string field in s_mlm)
            if (!mlm && text.Gives($"{objective}/{field}") && text.Good(objective + "/process", $"{objective}/{field}"))
                text.Add($"{objective}/{field}", $"the field \"{field}\" is for the process \"mlm\" only");
        if (mlm && text.Good(at + "/length") && text.Gives(at + "/length/predictor"))
            text.Add(at + "/length/predictor", "a length predictor learns from prompts and responses; the process \"mlm\" trains on texts");
        if (text.Good(objective + "/annealSteps", objective + "/attention") && job.Objective is { AnnealSteps: > 0, Attention: AttentionKind.Causal })
            text.Add(objective + "/annealSteps", "there is nothing to go over to: the attention is \"causal\"");
        string training = at + "/training";
        if (text.Good(training + "/steps", training + "/warmupSteps") && job.Training.EffectiveWarmupSteps > job.Training.Steps)
            text.Add(training + "/warmupSteps", $"expected at most as many as steps, {job.Training.Steps}, found {job.Training.EffectiveWarmupSteps}");
        if (text.Good(training + "/learningRate", training + "/minLearningRate") && job.Training.MinLearningRate > job.Training.LearningRate)
            text.Add(Given(training + "/minLearningRate", training + "/learningRate"),
                $"expected at most learningRate {Cells.SweepPlan.Text(job.Training.LearningRate)}, found {Cells.SweepPlan.Text(job.Training.MinLearningRate)}");
    }

    void Sampler(SamplerSpec sampler, string at)
    {
        var length = sampler.Length;
        bool has(LengthSource source) => length!.Source.Values.Contains(source);
        if (text.Gives(at + "/noise") && text.Good(at + "/noise", at + "/order") && !sampler.Order.Values.Contains(RankingOrder.Stochastic))
            text.Add(at + "/noise", "the field \"noise\" is for the order \"stochastic\" only");
        if (length is not null && text.Good(at + "/length/source", at + "/length/value") && has(LengthSource.Fixed) != length.Value is not null)
        {
            text.Add(at + (length.Value is null ? "/length" : "/length/value"), length.Value is null
                ? "the field \"value\" is missing: the source \"fixed\" needs a whole number of at least 1"
                : "the field \"value\" is for the source \"fixed\" only");
        }
        if (text.Gives(at + "/length/beam") && text.Good(at + "/length/source", at + "/length/beam") && !has(LengthSource.Predicted))
            text.Add(at + "/length/beam", "the field \"beam\" is for the source \"predicted\" only");
        double cells = Cells.SweepPlan.Count(sampler);
        if (text.Good(at) && cells > Cells.SweepPlan.MaxCells)
            text.Add(at, $"expected at most {Cells.SweepPlan.MaxCells} combinations of the listed values, found {cells:0}");
    }

    string Given(string first, string otherwise) => text.Gives(first) ? first : otherwise;
}
