namespace TorchSharp.Modules;

/// <summary>A module that has no parameters and no buffers, nor any below it.</summary>
public interface IParameterLessModule
{
}
