using DiffusionBatch.Pipeline.Manifests.Fields;

namespace DiffusionBatch.Pipeline.Manifests;

/// <summary>How an answer is found in an output.</summary>
public enum AnswerExtraction
{
    /// <summary>As a reader finds it.</summary>
    Reader,

    /// <summary>A number behind "#### ", as lm-evaluation-harness' gsm8k finds it strictly.</summary>
    [Literal("lm-eval-strict")]
    LmEvalStrict,

    /// <summary>The last number, as lm-evaluation-harness' gsm8k finds it flexibly.</summary>
    [Literal("lm-eval-flexible")]
    LmEvalFlexible,

    /// <summary>The label behind "answer is", as lm-evaluation-harness' mmlu_pro finds it.</summary>
    [Literal("lm-eval-mmlu-pro")]
    LmEvalMmluPro,
}
