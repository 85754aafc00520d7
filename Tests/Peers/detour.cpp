// Times Detour (Debian's librecast-dev) on the problems of a Moving AI scenario file, for comparison with
// `compass-bench path`. Not part of the product: Tools/peers compiles and runs it.
//
//   detour MAP SCEN EVERY  →  one line: map, problems, median µs, mean µs, polygons, build seconds
//
// One cell is one unit, contours follow the cells exactly, tiles of 128 cells, agent radius 0, 65,535 search nodes. A query is two look-ups of the nearest
// polygon, a path over polygons and its straightened corners; its time is the least of three passes over all problems, of
// elapsed and of CPU time, as `compass-bench path` measures.
#include <recastnavigation/DetourNavMesh.h>
#include <recastnavigation/DetourNavMeshBuilder.h>
#include <recastnavigation/DetourNavMeshQuery.h>
#include <recastnavigation/Recast.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>
#include <iostream>
#include <sstream>
#include <string>
#include <vector>

struct Grid {
  int width = 0, height = 0;
  std::vector<std::string> rows;
  bool isOpen(int x, int y) const {
    if (x < 0 || y < 0 || x >= width || y >= height) return false;
    char c = rows[y][x];
    return c == '.' || c == 'G' || c == 'S';
  }
};

struct Problem {
  int startX, startY, goalX, goalY;
};

static Grid readMap(const char *path) {
  std::ifstream file(path);
  Grid grid;
  std::string line, word;
  while (std::getline(file, line)) {
    std::istringstream words(line);
    words >> word;
    if (word == "width") words >> grid.width;
    if (word == "height") words >> grid.height;
    if (word == "map") break;
  }
  while (std::getline(file, line) && (int)grid.rows.size() < grid.height) grid.rows.push_back(line);
  return grid;
}

static std::vector<Problem> readProblems(const char *path, int every) {
  std::ifstream file(path);
  std::vector<Problem> problems;
  std::string line;
  std::getline(file, line);
  for (int number = 0; std::getline(file, line);) {
    std::istringstream words(line);
    std::string bucket, map;
    int width, height;
    Problem problem;
    if (!(words >> bucket >> map >> width >> height >> problem.startX >> problem.startY >> problem.goalX >> problem.goalY))
      continue;
    if (number++ % every == 0) problems.push_back(problem);
  }
  return problems;
}

static const int tileSize = 128, border = 3;

/// Builds the mesh data of one tile; nullptr where it is empty.
static unsigned char *buildTile(const Grid &grid, int tileX, int tileY, int &dataSize, int &polygons) {
  rcContext context(false);
  const int side = tileSize + 2 * border;
  float low[3] = {float(tileX * tileSize - border), 0, float(tileY * tileSize - border)};
  float high[3] = {low[0] + side, 8, low[2] + side};
  rcHeightfield *field = rcAllocHeightfield();
  rcCreateHeightfield(&context, *field, side, side, low, high, 1.0f, 0.5f);
  for (int y = 0; y < side; y++)
    for (int x = 0; x < side; x++)
      if (grid.isOpen(tileX * tileSize - border + x, tileY * tileSize - border + y))
        rcAddSpan(&context, *field, x, y, 0, 1, RC_WALKABLE_AREA, 1);
  rcCompactHeightfield *compact = rcAllocCompactHeightfield();
  rcBuildCompactHeightfield(&context, 4, 1, *field, *compact);
  rcFreeHeightField(field);
  rcBuildDistanceField(&context, *compact);
  rcBuildRegions(&context, *compact, border, 0, 20);
  rcContourSet *contours = rcAllocContourSet();
  rcBuildContours(&context, *compact, 0.0f, 0, *contours);
  rcPolyMesh *mesh = rcAllocPolyMesh();
  rcBuildPolyMesh(&context, *contours, 6, *mesh);
  rcFreeCompactHeightfield(compact);
  rcFreeContourSet(contours);
  unsigned char *data = nullptr;
  dataSize = 0;
  if (mesh->npolys > 0) {
    for (int index = 0; index < mesh->npolys; index++) mesh->flags[index] = 1;
    dtNavMeshCreateParams parameters = {};
    parameters.verts = mesh->verts;
    parameters.vertCount = mesh->nverts;
    parameters.polys = mesh->polys;
    parameters.polyAreas = mesh->areas;
    parameters.polyFlags = mesh->flags;
    parameters.polyCount = mesh->npolys;
    parameters.nvp = mesh->nvp;
    parameters.walkableHeight = 2;
    parameters.walkableRadius = 0;
    parameters.walkableClimb = 0.5f;
    parameters.tileX = tileX;
    parameters.tileY = tileY;
    rcVcopy(parameters.bmin, mesh->bmin);
    rcVcopy(parameters.bmax, mesh->bmax);
    parameters.cs = 1.0f;
    parameters.ch = 0.5f;
    parameters.buildBvTree = true;
    if (dtCreateNavMeshData(&parameters, &data, &dataSize)) polygons += mesh->npolys;
  }
  rcFreePolyMesh(mesh);
  return data;
}

static double processor() {
  timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
  return time.tv_sec * 1e6 + time.tv_nsec * 1e-3;
}

static double now() {
  return std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

int main(int count, char **arguments) {
  if (count != 4) {
    std::fprintf(stderr, "usage: detour MAP SCEN EVERY\n");
    return 64;
  }
  Grid grid = readMap(arguments[1]);
  std::vector<Problem> problems = readProblems(arguments[2], std::atoi(arguments[3]));
  if (grid.rows.empty() || problems.empty()) {
    std::fprintf(stderr, "detour: no map or no problems\n");
    return 65;
  }
  double began = now();
  int tilesX = (grid.width + tileSize - 1) / tileSize, tilesY = (grid.height + tileSize - 1) / tileSize;
  dtNavMeshParams parameters = {};
  parameters.tileWidth = parameters.tileHeight = tileSize;
  parameters.maxTiles = tilesX * tilesY;
  parameters.maxPolys = 1 << 14;
  dtNavMesh *mesh = dtAllocNavMesh();
  if (dtStatusFailed(mesh->init(&parameters))) return 70;
  int polygons = 0;
  for (int y = 0; y < tilesY; y++)
    for (int x = 0; x < tilesX; x++) {
      int size = 0;
      unsigned char *data = buildTile(grid, x, y, size, polygons);
      if (data && dtStatusFailed(mesh->addTile(data, size, DT_TILE_FREE_DATA, 0, nullptr))) return 70;
    }
  double buildSeconds = (now() - began) / 1e6;
  dtNavMeshQuery *query = dtAllocNavMeshQuery();
  if (dtStatusFailed(query->init(mesh, 65535))) return 70;
  dtQueryFilter filter;
  static dtPolyRef path[16384];
  static float corners[3 * 8192];
  std::vector<double> times(problems.size(), 1e300);
  int partial = 0;
  for (int pass = 0; pass < 3; pass++)
    for (size_t index = 0; index < problems.size(); index++) {
      const Problem &problem = problems[index];
      float start[3] = {problem.startX + 0.5f, 0.5f, problem.startY + 0.5f};
      float goal[3] = {problem.goalX + 0.5f, 0.5f, problem.goalY + 0.5f};
      float extents[3] = {2, 4, 2};
      double processorFrom = processor();
      double from = now();
      dtPolyRef first = 0, last = 0;
      float startOn[3], goalOn[3];
      query->findNearestPoly(start, extents, &filter, &first, startOn);
      query->findNearestPoly(goal, extents, &filter, &last, goalOn);
      int pathCount = 0, cornerCount = 0;
      bool isPartial = true;
      if (first && last) {
        dtStatus status = query->findPath(first, last, startOn, goalOn, &filter, path, &pathCount, 16384);
        isPartial = dtStatusFailed(status) || dtStatusDetail(status, DT_PARTIAL_RESULT);
        query->findStraightPath(startOn, goalOn, path, pathCount, corners, nullptr, nullptr, &cornerCount, 8192);
      }
      double elapsed = now() - from;
      times[index] = std::min(times[index], std::min(elapsed, processor() - processorFrom));
      if (pass == 0 && isPartial) partial++;
    }
  std::sort(times.begin(), times.end());
  double sum = 0;
  for (double time : times) sum += time;
  std::string name = arguments[1];
  name = name.substr(name.find_last_of('/') + 1);
  std::printf(
    "{\"map\": \"%s\", \"problems\": %zu, \"median_us\": %.2f, \"mean_us\": %.2f, \"partial\": %d, \"polygons\": %d, "
    "\"build_s\": %.2f}\n",
    name.c_str(), times.size(), times[times.size() / 2], sum / times.size(), partial, polygons, buildSeconds);
}
