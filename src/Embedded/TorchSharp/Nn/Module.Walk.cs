using TorchSharp.Modules;

namespace TorchSharp;

public static partial class torch
{
    public static partial class nn
    {
        public abstract partial class Module
        {
            public virtual IEnumerable<(string name, Module module)> named_children()
            {
                foreach ((string name, Module module) in ownModules.Items) yield return (name, module);
            }

            public virtual IEnumerable<Module> children() => ownModules.Items.Select(m => m.Value);

            /// <summary>All modules below, with their paths.</summary>
            public virtual IEnumerable<(string name, Module module)> named_modules()
            {
                foreach ((string name, Module module) in ownModules.Items)
                {
                    yield return (name, module);
                    foreach ((string below, Module inner) in module.named_modules()) yield return ($"{name}.{below}", inner);
                }
            }

            public virtual IEnumerable<Module> modules() => named_modules().Select(m => m.module);

            /// <summary>All parameters with their paths; one that several modules share is named once.</summary>
            public virtual IEnumerable<(string name, Parameter parameter)> named_parameters(bool recurse = true)
            {
                var seen = new HashSet<Parameter>(ReferenceEqualityComparer.Instance);
                foreach ((string name, Parameter parameter) in ownParameters.Items)
                    if (!parameter.IsInvalid && seen.Add(parameter)) yield return (name, parameter);
                if (!recurse) yield break;
                foreach ((string prefix, Module module) in ownModules.Items)
                    foreach ((string name, Parameter parameter) in module.named_parameters())
                        if (seen.Add(parameter)) yield return ($"{prefix}.{name}", parameter);
            }

            public virtual IEnumerable<Parameter> parameters(bool recurse = true) => named_parameters(recurse).Select(p => p.parameter);

            public virtual IEnumerable<(string name, Tensor buffer)> named_buffers(bool recurse = true, bool include_nonpersistent = true)
            {
                foreach ((string name, (Tensor buffer, bool persistent)) in ownBuffers.Items)
                    if (persistent || include_nonpersistent) yield return (name, buffer);
                if (!recurse) yield break;
                foreach ((string prefix, Module module) in ownModules.Items)
                    foreach ((string name, Tensor buffer) in module.named_buffers(true, include_nonpersistent)) yield return ($"{prefix}.{name}", buffer);
            }

            public virtual IEnumerable<Tensor> buffers(bool recurse = true, bool include_nonpersistent = true) =>
                named_buffers(recurse, include_nonpersistent).Select(b => b.buffer);

            public bool has_parameter(string target) => named_parameters().Any(p => p.name == target);

            public Parameter? get_parameter(string target) => named_parameters().FirstOrDefault(p => p.name == target).parameter;

            public bool has_buffer(string target) => named_buffers().Any(b => b.name == target);

            public Tensor? get_buffer(string target) => named_buffers().FirstOrDefault(b => b.name == target).buffer;

            /// <summary>Parameters and persistent buffers by path: the tensors themselves, not copies.</summary>
            public virtual Dictionary<string, Tensor> state_dict(Dictionary<string, Tensor>? destination = null, string? prefix = null)
            {
                destination ??= [];
                string lead = string.IsNullOrEmpty(prefix) ? "" : prefix + ".";
                foreach ((string name, Parameter parameter) in named_parameters()) destination.TryAdd(lead + name, parameter);
                foreach ((string name, Tensor buffer) in named_buffers(true, false)) destination.TryAdd(lead + name, buffer);
                return destination;
            }

            /// <summary>Copies tensors by path into this module; with <paramref name="strict"/> the paths must be the same.</summary>
            public virtual (IList<string> missing_keys, IList<string> unexpected_keys) load_state_dict(Dictionary<string, Tensor> source, bool strict = true, IList<string>? skip = null)
            {
                ArgumentNullException.ThrowIfNull(source);
                Dictionary<string, Tensor> own = state_dict();
                List<string> missing = own.Keys.Where(k => !source.ContainsKey(k) && skip?.Contains(k) != true).ToList();
                List<string> unexpected = source.Keys.Where(k => !own.ContainsKey(k) && skip?.Contains(k) != true).ToList();
                if (strict && missing.Count + unexpected.Count > 0)
                    throw new InvalidOperationException("The loaded state_dict is not identical to the target dictionary.");
                using IDisposable mode = no_grad();
                foreach ((string name, Tensor target) in own)
                {
                    if (skip?.Contains(name) == true || !source.TryGetValue(name, out Tensor? from)) continue;
                    if (!from.sizes.AsSpan().SequenceEqual(target.sizes))
                        throw new ArgumentException($"Mismatched tensor shape while loading {name}: expected [{Shapes.Text(target.sizes)}], found [{Shapes.Text(from.sizes)}].");
                    target.copy_(from);
                }
                return (missing, unexpected);
            }

            /// <summary>Converts floating-point parameters and buffers.</summary>
            internal void ConvertTo(ScalarType type)
            {
                using IDisposable mode = no_grad();
                foreach (Parameter parameter in parameters())
                    if (Dtypes.IsFloating(parameter.type)) parameter.Become(type);
                foreach (Tensor buffer in buffers())
                    if (Dtypes.IsFloating(buffer.type)) buffer.Become(type);
            }
        }
    }
}
