namespace TorchSharp.Modules;

/// <summary>Refuses settings that no optimizer can step with, in libtorch's words.</summary>
internal static class Invalid
{
    public static void Negative(double value, string what)
    {
        if (value < 0) throw new ArgumentException($"Invalid {what}: {value}");
    }

    /// <summary>What Adamax, NAdam and RAdam have in common; a beta may be 1.</summary>
    public static void Adams(double lr, double beta1, double beta2, double eps, double weight_decay)
    {
        Negative(lr, "learning rate");
        if (beta1 is < 0 or > 1) throw new ArgumentException($"Invalid beta1 value: {beta1}");
        if (beta2 is < 0 or > 1) throw new ArgumentException($"Invalid beta2 value: {beta2}");
        Negative(eps, "eps value");
        Negative(weight_decay, "weight_decay value");
    }

    /// <summary>What Adam and AdamW have in common; a beta is below 1.</summary>
    public static void Adam(double lr, double beta1, double beta2, double eps, double weight_decay)
    {
        Negative(lr, "learning rate");
        if (beta1 is < 0 or >= 1) throw new ArgumentException($"Invalid beta1: {beta1}");
        if (beta2 is < 0 or >= 1) throw new ArgumentException($"Invalid beta2: {beta2}");
        Negative(eps, "eps");
        Negative(weight_decay, "weight_decay");
    }
}
