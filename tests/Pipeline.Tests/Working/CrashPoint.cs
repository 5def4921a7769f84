using System.Globalization;
using System.Reflection;
using DiffusionBatch.Pipeline.Index;
using DiffusionBatch.Pipeline.Storage.Blobs;
using DiffusionBatch.Pipeline.Storage.Queues;

namespace DiffusionBatch.Pipeline.Tests.Working;

/// <summary>
/// The death of a process: at one call to the store, the index or a queue, before it or after it, and at every call from then
/// on. What the process had written stays.
/// </summary>
internal sealed class CrashPoint(Func<string, bool> isPoint, int occurrence, bool after)
{
    readonly Lock _lock = new();
    int _seen;
    volatile bool _dead;

    /// <summary>How many such calls there were.</summary>
    public int Seen => _seen;

    /// <summary>Whether the process has died.</summary>
    public bool IsDead => _dead;

    /// <summary>A point as "queue.ReceiveAsync:tasks#3": the third call of that method whose blob or queue has that in its name.</summary>
    public static CrashPoint At(string point, bool after)
    {
        string[] parts = point.Split('#', ':');
        string? within = parts.Length == 3 ? parts[1] : null;
        return new CrashPoint(
            call => call.StartsWith(parts[0] + " ", StringComparison.Ordinal)
                && (within is null || call.Contains(within, StringComparison.Ordinal)),
            int.Parse(parts[^1], CultureInfo.InvariantCulture),
            after);
    }

    /// <summary>The same thing in the hands of the process that is to die.</summary>
    public T Wrap<T>(T inner, string name = "") where T : class
    {
        string kind = inner switch { IBlobStore => "blob", IPipelineIndex => "index", IWorkQueue => "queue", _ => "" };
        return (T)Mortal.Of(typeof(T), inner, kind, name, this);
    }

    /// <summary>Thrown by every call of the dead.</summary>
    internal sealed class Killed() : Exception("killed");

    bool Enter(string call)
    {
        lock (_lock)
        {
            if (_dead) throw new Killed();
            if (!isPoint(call) || ++_seen != occurrence) return false;
            if (after) return true;
            _dead = true;
            throw new Killed();
        }
    }

    void Die()
    {
        _dead = true;
        throw new Killed();
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Performance", "CA1852:Seal internal types",
        Justification = "DispatchProxy derives from it.")]
    public class Mortal : DispatchProxy
    {
        object _inner = null!;
        string _kind = "", _name = "";
        CrashPoint _point = null!;

        internal static object Of(Type type, object inner, string kind, string name, CrashPoint point)
        {
            object proxy = Create(type, typeof(Mortal));
            var mortal = (Mortal)proxy;
            (mortal._inner, mortal._kind, mortal._name, mortal._point) = (inner, kind, name, point);
            return proxy;
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            // A facet of the index: asking for it is no call, but what it is asked is one of the index's.
            if (targetMethod!.ReturnType.IsInterface && (targetMethod.IsSpecialName || targetMethod.Name == nameof(IPipelineIndex.For)))
                return Of(targetMethod.ReturnType, targetMethod.Invoke(_inner, args)!, _kind, _name, _point);
            bool last = _point.Enter($"{_kind}.{targetMethod.Name} {_name}{(args is [string name, ..] && _kind == "blob" ? name : "")}");
            object? result;
            try
            {
                result = targetMethod.Invoke(_inner, args);
            }
            catch (TargetInvocationException e)
            {
                throw e.InnerException!;
            }
            if (!last) return result;
            if (result is Task task) task.Wait();
            _point.Die();
            return result;
        }
    }
}
