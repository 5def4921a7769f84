using System.Reflection;
using TorchSharp.Modules;
using TorchSharp.Utils;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        /// <summary>A part of a model: parameters, buffers and further modules, each by name.</summary>
        public abstract partial class Module : IDisposable
        {
            internal readonly Components<Parameter> ownParameters = new();
            internal readonly Components<(Tensor tensor, bool persistent)> ownBuffers = new();
            internal readonly Components<Module> ownModules = new();
            readonly string moduleName;

            /// <summary>True once fields are registered; built-in modules name their parts themselves.</summary>
            internal bool componentsRegistered;

            protected Module(string name) => moduleName = name;

            /// <summary>True while training: dropout is on.</summary>
            public virtual bool training { get; private set; } = true;

            public virtual string GetName() => moduleName;

            /// <summary>Registers the fields that hold modules, parameters and tensors (as buffers) under their own names.</summary>
            protected virtual void RegisterComponents()
            {
                if (componentsRegistered) return;
                componentsRegistered = true;
                foreach (FieldInfo field in GetType().GetFields(BindingFlags.NonPublic | BindingFlags.Public | BindingFlags.Instance))
                {
                    if (field.DeclaringType?.Assembly == typeof(Module).Assembly) continue;
                    string name = field.GetCustomAttribute<ComponentNameAttribute>()?.Name ?? field.Name;
                    switch (field.GetValue(this))
                    {
                        case Module module: register_module(name, module); break;
                        case Parameter parameter: register_parameter(name, parameter); break;
                        case Tensor tensor: register_buffer(name, tensor); break;
                    }
                }
            }

            public virtual void register_module(string name, Module submodule)
            {
                CheckName(name);
                if (submodule is null)
                {
                    ownModules.Remove(name);
                    return;
                }
                submodule.RegisterComponents();
                if (!ownModules.TryAdd(name, submodule)) throw new InvalidOperationException($"Sub-module {name} is already registered.");
            }

            public virtual void add_module(string name, Module module) => register_module(name, module);

            public virtual void register_parameter(string name, Parameter param)
            {
                CheckName(name);
                if (param is null)
                {
                    ownParameters.Remove(name);
                    return;
                }
                param.DetachFromDisposeScope();
                if (!ownParameters.TryAdd(name, param)) throw new InvalidOperationException($"Parameter {name} is already registered.");
            }

            public virtual void register_buffer(string name, Tensor tensor, bool persistent = true)
            {
                CheckName(name);
                if (tensor is null) throw new ArgumentNullException(nameof(tensor), "Cannot register a null buffer.");
                tensor.DetachFromDisposeScope();
                if (!ownBuffers.TryAdd(name, (tensor, persistent))) throw new InvalidOperationException($"Tensor {name} is already registered.");
            }

            static void CheckName(string name)
            {
                if (string.IsNullOrEmpty(name)) throw new ArgumentException("A component's name is empty.", nameof(name));
                if (name.Contains('.', StringComparison.Ordinal)) throw new ArgumentException($"The name can't contain '.': {name}", nameof(name));
            }

            /// <summary>Gives a built-in module's part a value, in place of the one it has.</summary>
            internal void Put(string name, Parameter? value)
            {
                value?.DetachFromDisposeScope();
                if (value is null) ownParameters.Remove(name);
                else ownParameters.Set(name, value);
            }

            /// <summary>Turns training on or off, here and below.</summary>
            public virtual void train(bool train = true)
            {
                training = train;
                foreach (Module module in children()) module.train(train);
            }

            public virtual void eval() => train(false);

            /// <summary>Drops (or zeros) all gradients.</summary>
            public virtual void zero_grad(bool set_to_none = true)
            {
                foreach (Parameter parameter in parameters())
                {
                    if (set_to_none) parameter.grad = null;
                    else
                        using (no_grad()) parameter.gradient?.zero_();
                }
            }

            /// <summary>Calls <paramref name="fn"/> on the modules below and then on this one.</summary>
            public virtual Module apply(Action<Module> fn)
            {
                ArgumentNullException.ThrowIfNull(fn);
                foreach (Module module in children()) module.apply(fn);
                fn(this);
                return this;
            }

            public void Dispose()
            {
                Dispose(true);
                GC.SuppressFinalize(this);
            }

            /// <summary>Disposes parameters, buffers and submodules.</summary>
            protected virtual void Dispose(bool disposing)
            {
                if (!disposing) return;
                foreach ((_, Parameter parameter) in ownParameters.Items) parameter.Dispose();
                foreach ((_, (Tensor buffer, _)) in ownBuffers.Items) buffer.Dispose();
                foreach ((_, Module module) in ownModules.Items) module.Dispose();
            }
        }
    }
}
