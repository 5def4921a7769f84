using System.Globalization;
using System.Xml;
using DiffusionBatch.Contracts;
using DiffusionBatch.Functions.Problems;
using Microsoft.AspNetCore.Http;

namespace DiffusionBatch.Functions.Requests;

/// <summary>Parameters of a request's query, checked.</summary>
internal static class Query
{
    static readonly TimeSpan s_longest = TimeSpan.FromDays(3650);

    /// <summary>A text, or null where it is absent or empty.</summary>
    public static string? Text(HttpRequest request, string name) => request.Query[name].ToString() is { Length: > 0 } text ? text : null;

    /// <summary>A whole number in a range.</summary>
    public static int Number(HttpRequest request, string name, int low, int high, int absent)
    {
        if (Text(request, name) is not { } text) return absent;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= low && number <= high
            ? number : throw Refuse.BadParameter(name, $"{name} is \"{text}\"; it is a whole number from {low} to {high}.");
    }

    /// <summary>One of an enum's names in camelCase, or null where it is absent.</summary>
    public static T? Word<T>(HttpRequest request, string name) where T : struct, Enum =>
        Text(request, name) is { } text ? Parse<T>(name, text) : null;

    /// <summary>Names separated by commas; empty where it is absent.</summary>
    public static IReadOnlyList<T> Words<T>(HttpRequest request, string name) where T : struct, Enum =>
        [.. (Text(request, name) ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .Select(text => Parse<T>(name, text))];

    /// <summary>True, false, or absent (false).</summary>
    public static bool Flag(HttpRequest request, string name) => Text(request, name) switch
    {
        null or "false" => false,
        "true" => true,
        var text => throw Refuse.BadParameter(name, $"{name} is \"{text}\"; it is true or false."),
    };

    /// <summary>An ISO 8601 duration above zero, or null where it is absent.</summary>
    public static TimeSpan? Duration(HttpRequest request, string name)
    {
        if (Text(request, name) is not { } text) return null;
        try
        {
            if (XmlConvert.ToTimeSpan(text) is var time && time > TimeSpan.Zero && time <= s_longest) return time;
        }
        catch (Exception e) when (e is FormatException or OverflowException)
        {
        }
        throw Refuse.BadParameter(
            name, $"{name} is \"{text}\"; it is an ISO 8601 duration above zero, such as PT6H or P2D, and at most ten years.");
    }

    static T Parse<T>(string name, string text) where T : struct, Enum
    {
        foreach (T value in Enum.GetValues<T>())
            if (NameOf(value) == text) return value;
        throw Refuse.BadParameter(name, $"{name} is \"{text}\"; it is one of {string.Join(", ", Enum.GetValues<T>().Select(NameOf))}.");
    }

    static string NameOf<T>(T value) where T : struct, Enum => System.Text.Json.JsonNamingPolicy.CamelCase.ConvertName(value.ToString());
}
