using System.Reflection;
using System.Runtime.ExceptionServices;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Microsoft.Azure.Functions.Worker.Hosting;

/// <summary>An HTTP-triggered function as an endpoint: <c>/api/{route}</c>, arguments bound by type, the result executed.</summary>
internal static class HttpFunctionEndpoint
{
    const string RoutePrefix = "/api/";

    public static void Map(WebApplication app, FunctionEntry function)
    {
        string pattern = RoutePrefix + (function.Trigger.Route ?? function.Name);
        RequestDelegate run = context => RunAsync(context, function);
        if (function.Trigger.Methods is { Length: > 0 } methods) app.MapMethods(pattern, methods.Select(m => m.ToUpperInvariant()), run);
        else app.Map(pattern, run);
    }

    static async Task RunAsync(HttpContext context, FunctionEntry function)
    {
        object? target = function.Method.IsStatic ? null : ActivatorUtilities.CreateInstance(context.RequestServices, function.Method.DeclaringType!);
        object?[] arguments = [.. function.Method.GetParameters().Select(p => Bind(p, context))];
        object? result = await InvokeAsync(function.Method, target, arguments);
        switch (result)
        {
            case null: break;
            case IResult answer: await answer.ExecuteAsync(context); break;
            default: await Results.Ok(result).ExecuteAsync(context); break;
        }
    }

    static object? Bind(ParameterInfo parameter, HttpContext context)
    {
        if (parameter.ParameterType == typeof(HttpRequest)) return context.Request;
        if (parameter.ParameterType == typeof(CancellationToken)) return context.RequestAborted;
        if (context.Request.RouteValues.TryGetValue(parameter.Name!, out object? value) && value is string text)
            return parameter.ParameterType == typeof(string) ? text : Convert.ChangeType(text, parameter.ParameterType, System.Globalization.CultureInfo.InvariantCulture);
        return parameter.HasDefaultValue ? parameter.DefaultValue
            : throw new InvalidOperationException($"Parameter '{parameter.Name}' of {parameter.Member.DeclaringType!.Name}.{parameter.Member.Name} is no HttpRequest, CancellationToken or route value.");
    }

    static async Task<object?> InvokeAsync(MethodInfo method, object? target, object?[] arguments)
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
