namespace DiffusionBatch.Evaluation;

/// <summary>The release of sacreBLEU whose scores and signatures BLEU, chrF and TER reproduce.</summary>
internal static class SacreBleu
{
    public const string Version = "2.6.0";
}
