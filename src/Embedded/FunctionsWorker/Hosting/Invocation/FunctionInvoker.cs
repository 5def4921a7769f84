using System.Globalization;
using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker.Middleware;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Azure.Functions.Worker.Hosting.Invocation;

/// <summary>Invokes functions: a scope of services, the middleware, the arguments, the method.</summary>
/// <param name="services">The host's services.</param>
/// <param name="middleware">The app's middleware, outermost first.</param>
internal sealed class FunctionInvoker(IServiceProvider services, IReadOnlyList<Func<FunctionExecutionDelegate, FunctionExecutionDelegate>> middleware)
{
    /// <summary>Invokes a function.</summary>
    /// <returns>What it returned, or what middleware put in its place; null where that is nothing.</returns>
    public async Task<object?> InvokeAsync(FunctionEntry function, Trigger trigger, CancellationToken cancellationToken)
    {
        await using AsyncServiceScope scope = services.CreateAsyncScope();
        var context = new InvocationContext(function, trigger, scope.ServiceProvider, cancellationToken);
        FunctionExecutionDelegate run = async _ => context.Returned.Value = await ExecuteAsync(function, trigger, context);
        for (int i = middleware.Count - 1; i >= 0; i--) run = middleware[i](run);
        await run(context);
        return context.Returned.Value;
    }

    static async Task<object?> ExecuteAsync(FunctionEntry function, Trigger trigger, InvocationContext context)
    {
        object? target = function.Method.IsStatic ? null : ActivatorUtilities.CreateInstance(context.InstanceServices, function.Method.DeclaringType!);
        try
        {
            object?[] arguments = [.. function.Method.GetParameters().Select(p => Bind(p, function, trigger, context))];
            return await CallAsync(function.Method, target, arguments);
        }
        finally
        {
            if (target is IAsyncDisposable asynchronous) await asynchronous.DisposeAsync();
            else if (target is IDisposable disposable) disposable.Dispose();
        }
    }

    static object? Bind(ParameterInfo parameter, FunctionEntry function, Trigger trigger, InvocationContext context)
    {
        if (parameter.ParameterType == typeof(FunctionContext)) return context;
        if (parameter.ParameterType == typeof(CancellationToken)) return context.CancellationToken;
        if (parameter.Position == function.Parameter.Position) return trigger.Value(parameter);
        if (parameter.ParameterType == typeof(HttpRequest) && trigger.Http is { } http) return http.Request;
        if (context.BindingContext.BindingData.TryGetValue(parameter.Name!, out object? value) && value is not null)
            return parameter.ParameterType.IsInstanceOfType(value) ? value : Convert.ChangeType(value, Nullable.GetUnderlyingType(parameter.ParameterType) ?? parameter.ParameterType, CultureInfo.InvariantCulture);
        if (parameter.HasDefaultValue) return parameter.DefaultValue;
        // An optional route value that the request lacks.
        if (function.IsRouteValue(parameter.Name!)) return null;
        throw new InvalidOperationException($"Parameter '{parameter.Name}' of {function.Definition.EntryPoint} is neither the trigger, nor a FunctionContext or CancellationToken, nor data of the trigger.");
    }

    static async Task<object?> CallAsync(MethodInfo method, object? target, object?[] arguments)
    {
        object? returned;
        try
        {
            returned = method.Invoke(target, arguments);
        }
        catch (TargetInvocationException e) when (e.InnerException is { } inner)
        {
            ExceptionDispatchInfo.Throw(inner);
            throw;
        }
        if (returned is not Task task) return returned;
        await task;
        return method.ReturnType.IsGenericType ? task.GetType().GetProperty(nameof(Task<object>.Result))!.GetValue(task) : null;
    }
}
