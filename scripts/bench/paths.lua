-- Makes wrk request the paths of a file in turn: wrk -s paths.lua URL -- FILE
local paths, nth = {}, 0

function init(args)
   for line in io.lines(args[1]) do
      paths[#paths + 1] = wrk.format("GET", line)
   end
end

function request()
   nth = nth % #paths + 1
   return paths[nth]
end
