namespace DiffusionBatch.Diffusion.Models;

/// <summary>A parameter's dotted name and its dimensions.</summary>
public readonly record struct ParameterShape(string Name, long[] Shape)
{
    /// <summary>Creates it with the dimensions listed.</summary>
    public static ParameterShape Of(string name, params long[] shape) => new(name, shape);
}
