namespace DiffusionBatch.Diffusion.Sampling;

/// <summary>Which of the low-ranked slots that are already written go back to the mask.</summary>
public enum ReMasking
{
    /// <summary>All of them: after step s exactly the K_s lowest slots are masks.</summary>
    Uncond,

    /// <summary>Only those whose token the model still predicts, and with less confidence than when it was written.</summary>
    Cond,
}
