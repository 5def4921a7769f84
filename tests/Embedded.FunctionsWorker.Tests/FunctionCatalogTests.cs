using System.Reflection;
using System.Reflection.Emit;
using Microsoft.AspNetCore.Http;
using Microsoft.Azure.Functions.Worker;
using Microsoft.Azure.Functions.Worker.Hosting;

namespace DiffusionBatch.Embedded.FunctionsWorker.Tests;

public sealed class FunctionCatalogTests
{
    public static class Sample
    {
        [Function("Echo")]
        public static IResult Echo([HttpTrigger(AuthorizationLevel.Anonymous, "get", Route = "echo/{word}")] HttpRequest request, string word) => Results.Text(word);
    }

    [Fact]
    public void Finds_a_function_with_its_route_and_methods()
    {
        var entry = Assert.Single(FunctionCatalog.Of([typeof(Sample)]));
        Assert.Equal(("Echo", "echo/{word}"), (entry.Name, ((HttpTriggerAttribute)entry.Trigger).Route));
        Assert.Equal(["get"], ((HttpTriggerAttribute)entry.Trigger).Methods!);
        Assert.Equal(AuthorizationLevel.Anonymous, ((HttpTriggerAttribute)entry.Trigger).AuthLevel);
    }

    public static class Twice
    {
        [Function("Twice")]
        public static void Run([TimerTrigger("0 * * * * *")] TimerInfo timer, [QueueTrigger("q")] string body) => throw new NotSupportedException($"{timer}{body}");
    }

    public static class Misfit
    {
        [Function("Misfit")]
        public static void Run([TimerTrigger("0 * * * * *")] string timer) => throw new NotSupportedException(timer);
    }

    [Theory]
    [InlineData(typeof(Twice), "has 2 triggers")]
    [InlineData(typeof(Misfit), "must be a TimerInfo")]
    public void A_function_that_can_not_be_started_is_refused(Type functions, string why) =>
        Assert.Contains(why, Assert.Throws<InvalidOperationException>(() => FunctionCatalog.Of([functions])).Message, StringComparison.Ordinal);

    [Fact]
    public void Two_functions_of_one_name_are_refused() =>
        Assert.Contains("'Echo'", Assert.Throws<InvalidOperationException>(() => FunctionCatalog.Of([typeof(Sample), typeof(Sample)])).Message, StringComparison.Ordinal);

    [Fact]
    public void A_function_without_a_trigger_is_refused_by_name()
    {
        var assembly = AssemblyBuilder.DefineDynamicAssembly(new AssemblyName("NoTrigger"), AssemblyBuilderAccess.Run);
        var type = assembly.DefineDynamicModule("m").DefineType("Broken", TypeAttributes.Public);
        var method = type.DefineMethod("Run", MethodAttributes.Public | MethodAttributes.Static, typeof(void), []);
        method.SetCustomAttribute(new CustomAttributeBuilder(typeof(FunctionAttribute).GetConstructor([typeof(string)])!, ["Lost"]));
        method.GetILGenerator().Emit(OpCodes.Ret);
        type.CreateType();

        var error = Assert.Throws<InvalidOperationException>(() => FunctionCatalog.Of(assembly.GetTypes()));
        Assert.Contains("'Lost'", error.Message, StringComparison.Ordinal);
    }
}
