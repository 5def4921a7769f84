namespace DiffusionBatch.Pipeline.Manifests.Reading;

/// <summary>Which options go with which metric, and that labels are distinct.</summary>
internal sealed class MetricRules(ManifestText text)
{
    static readonly Dictionary<MetricName, string[]> Options = new()
    {
        [MetricName.Bleu] = ["tokenize", "smoothMethod", "smoothValue", "lowercase", "effectiveOrder", "references"],
        [MetricName.Chrf] = ["charOrder", "wordOrder", "beta", "lowercase", "whitespace", "epsSmoothing", "references"],
        [MetricName.ChrfPlusPlus] = ["charOrder", "wordOrder", "beta", "lowercase", "whitespace", "epsSmoothing", "references"],
        [MetricName.Ter] = ["normalized", "noPunct", "asianSupport", "caseSensitive", "references"],
        [MetricName.Rouge1] = ["tokenize", "stemmer", "references"],
        [MetricName.Rouge2] = ["tokenize", "stemmer", "references"],
        [MetricName.RougeL] = ["tokenize", "stemmer", "references"],
        [MetricName.RougeLsum] = ["tokenize", "stemmer", "references"],
        [MetricName.ExactMatch] = ["lowercase", "references"],
        [MetricName.TokenF1] = ["references"],
        [MetricName.LastNumber] = ["extract", "references"],
        [MetricName.Choice] = ["extract", "references"],
        [MetricName.EditDistance] = ["lowercase", "references"],
        [MetricName.LengthRatio] = ["tokenize", "references"],
        [MetricName.Distinct1] = ["tokenize", "lowercase", "level"],
        [MetricName.Distinct2] = ["tokenize", "lowercase", "level"],
        [MetricName.Entropy] = ["tokenize", "lowercase"],
        [MetricName.Repetition] = ["tokenize", "lowercase", "window"],
        [MetricName.Perplexity] = ["likelihoods", "aggregation"],
        [MetricName.Mauve] = ["features", "referenceFeatures", "numBuckets", "kmeansExplainedVar", "kmeansNumRedo", "kmeansMaxIter", "mauveScalingFactor", "seed", "seeds"],
        [MetricName.Cost] = ["pricePerHour", "currency"],
    };

    /// <summary>Checks a job's metrics.</summary>
    public void Check(EvaluateManifest job, string at)
    {
        string list = at + "/metrics";
        if (!text.Good(list)) return;
        var labels = new Dictionary<string, int>(StringComparer.Ordinal);
        for (int i = 0; i < job.Metrics.Count; i++)
        {
            var metric = job.Metrics[i];
            string here = ManifestNode.Under(list, i);
            if (!labels.TryAdd(metric.Label, i))
                text.Add(here, $"two metrics are labelled \"{metric.Label}\"; give one another label with \"as\"");
            CheckOptions(metric, here);
        }
    }

    void CheckOptions(MetricSpec metric, string at)
    {
        if (!text.Gives(at)) return; // a default metric
        string[] allowed = Options[metric.Name];
        string name = EnumText.Of(metric.Name);
        foreach (string option in text.Nearest(at).Members.Select(member => member.Name))
        {
            if (option is "name" or "as" || allowed.Contains(option)) continue;
            text.Add(ManifestNode.Under(at, option), $"the metric \"{name}\" has no option \"{option}\"; "
                + (allowed.Length == 0 ? "it has none" : $"expected {ValueWords.OneOf(allowed)}"));
        }
        if (metric is { Name: MetricName.Mauve } && (metric.Features is null || metric.ReferenceFeatures is null) && text.Good(at))
            text.Add(at, "the metric \"mauve\" needs the fields \"features\" and \"referenceFeatures\"");
        if (metric is { Name: MetricName.Bleu or MetricName.LengthRatio, Tokenize: BleuTokenization.Ids })
            text.Add(at + "/tokenize", $"the metric \"{name}\" compares words: \"ids\" is for metrics of the predictions alone");
        bool rouge = metric.Name is MetricName.Rouge1 or MetricName.Rouge2 or MetricName.RougeL or MetricName.RougeLsum;
        if (metric.Tokenize is { } tokenize && allowed.Contains("tokenize") && rouge != (tokenize == BleuTokenization.Unicode))
            text.Add(at + "/tokenize", rouge ? $"the metric \"{name}\" takes \"unicode\" alone; leave it out for rouge_score's words" : $"the tokenization \"unicode\" is ROUGE's; the metric \"{name}\" doesn't have it");
        if (metric.Extract is { } extract && extract != AnswerExtraction.Reader && allowed.Contains("extract") && (extract == AnswerExtraction.LmEvalMmluPro) != (metric.Name == MetricName.Choice))
            text.Add(at + "/extract", $"the metric \"{name}\" has no \"{EnumText.Of(extract)}\"; expected {ValueWords.OneOf(metric.Name == MetricName.Choice ? ["reader", "lm-eval-mmlu-pro"] : ["reader", "lm-eval-strict", "lm-eval-flexible"])}");
        if (metric is { Name: MetricName.Bleu, SmoothValue: not null, SmoothMethod: not (BleuSmoothing.Floor or BleuSmoothing.AddK) })
            text.Add(at + "/smoothValue", "the field \"smoothValue\" is for the smoothMethod \"floor\" or \"add-k\" only");
    }
}
