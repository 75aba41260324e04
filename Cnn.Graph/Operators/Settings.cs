using System.Globalization;

namespace Cnn.Graph.Operators;

/// <summary>Faults that the settings of many operators share.</summary>
internal static class Settings
{
    public static IEnumerable<string> RequireFinite(params IEnumerable<(string Name, float Value)> settings) =>
        settings.Where(s => !float.IsFinite(s.Value)).Select(s => Fault(s, "must be a finite number."));

    public static IEnumerable<string> RequirePositive(params IEnumerable<(string Name, float Value)> settings) =>
        settings.Where(s => !(float.IsFinite(s.Value) && s.Value > 0)).Select(s => Fault(s, "must be a finite number above 0."));

    private static string Fault((string Name, float Value) setting, string rule) =>
        string.Create(CultureInfo.InvariantCulture, $"`{setting.Name}` (={setting.Value}) {rule}");
}
