using static TorchSharp.torch;

namespace TorchSharp.Modules;

/// <summary>A module without parts of its own.</summary>
public abstract class ParameterLessModule<T1, TResult> : nn.Module<T1, TResult>
{
    protected ParameterLessModule(string name) : base(name) => componentsRegistered = true;

    public override void register_parameter(string name, Parameter param) => throw new InvalidOperationException($"Cannot register a parameter on a module of type '{GetName()}'");

    public override void register_buffer(string name, Tensor tensor, bool persistent = true) => throw new InvalidOperationException($"Cannot register a buffer on a module of type '{GetName()}'");

    public override void register_module(string name, nn.Module submodule) => throw new InvalidOperationException($"Cannot register a submodule on a module of type '{GetName()}'");
}
